package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private final Path directory;
    private final Path file;
    private final Instant now = Instant.parse("2026-11-22T14:03:09.123456Z");

    AuditLogTest(@TempDir Path directory) {
        this.directory = directory;
        this.file = directory.resolve("audit.log");
    }

    @Test
    void aLineSaysWhoDidWhatWhenWithWhatResult() throws IOException {
        write(1);

        JsonObject line = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertThat(line.keySet()).containsExactly("when", "who", "what", "object", "result", "prev");
        assertThat(line.get("when").getAsString()).isEqualTo("2026-11-22T14:03:09.123Z");
        assertThat(line.get("who").getAsString()).isEqualTo("operator");
        assertThat(line.get("prev").getAsString()).isEqualTo("0".repeat(64));
    }

    @Test
    void theChainGoesOnOverRestarts() throws IOException {
        write(3);
        write(0);
        write(2);

        assertThat(AuditTrail.verify(directory)).isEqualTo(new AuditTrail(5, 0, ""));
    }

    @Test
    void anEmptyOrMissingLogIsIntact() throws IOException {
        assertThat(AuditTrail.verify(directory)).isEqualTo(new AuditTrail(0, 0, ""));
        write(0);
        assertThat(AuditTrail.verify(directory).isIntact()).isTrue();
    }

    @Test
    void aChangedADeletedAndAMovedLineShow() throws IOException {
        write(5);
        List<String> lines = Files.readAllLines(file);

        List<String> changed = new ArrayList<>(lines);
        changed.set(2, changed.get(2).replace("operator", "somebody"));
        assertProblem(changed, "line 4 doesn't hold the hash");
        List<String> deleted = new ArrayList<>(lines);
        deleted.remove(1);
        assertProblem(deleted, "line 2 doesn't hold the hash");
        List<String> moved = new ArrayList<>(lines);
        Collections.swap(moved, 1, 2);
        assertProblem(moved, "line 2 doesn't hold the hash");
        List<String> garbled = new ArrayList<>(lines);
        garbled.set(1, "nonsense");
        assertProblem(garbled, "line 2 is no JSON object");
        garbled = new ArrayList<>(lines);
        garbled.set(4, "nonsense");
        assertProblem(garbled, "last line is no JSON object");
    }

    @Test
    void everyTearOfTheLastLineIsNotedAndTheChainGoesOn() throws IOException {
        write(3);
        byte[] whole = Files.readAllBytes(file);
        int lastLine = whole.length / 3 * 2;
        for (int length = whole.length; length > lastLine; length -= 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            boolean torn = whole[length - 1] != '\n' && length < whole.length;
            if (torn) {
                assertThat(AuditTrail.verify(directory).problem()).contains("is cut off");
            }
            write(1);
            AuditTrail trail = AuditTrail.verify(directory);
            assertThat(trail.problem()).as("cut at " + length).isEmpty();
            if (torn) {
                assertThat(Files.readString(file)).contains("\"what\":\"torn_line\"");
                assertThat(Files.readAllBytes(file))
                        .as("nothing is taken away")
                        .startsWith(Arrays.copyOf(whole, length));
            }
        }
    }

    @Test
    void aFullFileIsPutAsideAndTheChainGoesOnInTheNext() throws IOException {
        try (AuditLog log = AuditLog.open(directory, 2000, () -> now)) {
            for (int i = 0; i < 200; i++) {
                log.record("operator", "label_changed", "recording " + i, "ok");
            }
        }
        write(1);

        assertThat(Files.size(file)).isLessThan(2000 + 300);
        assertThat(Files.size(directory.resolve("audit.1.log"))).isBetween(2000L, 2300L);
        AuditTrail trail = AuditTrail.verify(directory);
        assertThat(trail.problem()).isEmpty();
        assertThat(trail.lines()).isGreaterThan(8);
    }

    @Test
    void aCrashBetweenPuttingAsideAndTheNextLineKeepsTheChain() throws IOException {
        write(3);
        Files.move(file, directory.resolve("audit.1.log"));
        write(2);

        assertThat(AuditTrail.verify(directory)).isEqualTo(new AuditTrail(5, 0, ""));
    }

    @Test
    void noInputForgesOrSwellsALine() throws IOException {
        try (AuditLog log = AuditLog.open(directory, 1_000_000, () -> now)) {
            log.record("x\"}\n{\"who\":\"operator", "a\u2028b", "\uD800\u0000", "y".repeat(1_000_000));
            log.record("\u0001".repeat(300), "\u0001".repeat(300), "\u0001".repeat(300), "\u0001".repeat(300));
        }

        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(Files.readString(file).lines().mapToInt(String::length)).allMatch(length -> length < 8 * 1024);
        write(1);
        assertThat(AuditTrail.verify(directory)).isEqualTo(new AuditTrail(3, 0, ""));
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        write(1);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private void write(int lines) throws IOException {
        try (AuditLog log = AuditLog.open(directory, AuditLog.DEFAULT_MAX_BYTES, () -> now)) {
            for (int i = 0; i < lines; i++) {
                log.record("operator", "device_revoked", "device " + i, "ok");
            }
        }
    }

    private void assertProblem(List<String> lines, String problem) throws IOException {
        Files.write(file, lines);
        assertThat(AuditTrail.verify(directory).problem()).contains(problem);
    }
}
