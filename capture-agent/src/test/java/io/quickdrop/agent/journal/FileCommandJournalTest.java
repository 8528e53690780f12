package io.quickdrop.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.quickdrop.agent.identity.PrivateFolder;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.driver.agent.CommandJournal.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCommandJournalTest {
    private static final String ID = "desk-1";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private PrivateFolder folder() {
        return new PrivateFolder(home);
    }

    private Path file() {
        return home.resolve("commands-" + ID);
    }

    /** The machine stays up in these tests, so nothing is forced, which takes milliseconds each. */
    private FileCommandJournal open() throws IOException {
        return new FileCommandJournal(folder(), ID, new FaultyDisk());
    }

    static CommandResult result(String commandId, String text) {
        JsonObject result = new JsonObject();
        result.addProperty("said", text);
        return new CommandResult(commandId, "completed", result, null);
    }

    @Test
    void whatRanIsKnownToTheNextProcess() throws Exception {
        try (FileCommandJournal journal = open()) {
            journal.began("a", "screenshot");
            journal.done(result("a", "done\nwith a \"line\" and ümlauts"));
            journal.began("b", "config");
        }
        try (FileCommandJournal journal = open()) {
            assertThat(journal.read())
                    .containsExactly(
                            new Entry("a", "screenshot", result("a", "done\nwith a \"line\" and ümlauts")),
                            new Entry("b", "config", null));
        }
    }

    @Test
    void eachLineIsOnTheDiskBeforeTheCallReturns() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (FileCommandJournal journal = new FileCommandJournal(folder(), ID, disk)) {
            int before = disk.calls;
            journal.began("a", "config");
            assertThat(disk.calls - before).isEqualTo(2); // appended, and forced
            assertThat(Records.read(Files.readAllBytes(file())).entries()).containsKey("a");
        }
    }

    /** A process killed, or a power cut, at every byte. */
    @Test
    void cutAtAnyByteItKnowsEverythingWholeAndGoesOn() throws Exception {
        List<byte[]> lines = List.of(
                Records.head(),
                Records.began("a", "screenshot"),
                Records.done(result("a", "x")),
                Records.began("b", "config"),
                Records.done(result("b", "y")));
        byte[] all = new byte[lines.stream().mapToInt(line -> line.length).sum()];
        int end = 0;
        for (byte[] line : lines) {
            System.arraycopy(line, 0, all, end, line.length);
            end += line.length;
        }
        Files.createDirectories(home);
        for (int cut = 0; cut <= all.length; cut++) {
            for (byte[] behind : List.of(new byte[0], new byte[50], "\nrubbish\n".getBytes(StandardCharsets.UTF_8))) {
                byte[] found = java.util.Arrays.copyOf(all, cut + behind.length);
                System.arraycopy(behind, 0, found, cut, behind.length);
                Files.write(file(), found);
                int whole = behind.length > 0 && behind[0] == '\n' ? cut + 1 : cut; // a line that lacked only its end
                List<Entry> expected = expected(lines, whole);
                try (FileCommandJournal journal = open()) {
                    assertThat(journal.read()).as("cut at %d", cut).isEqualTo(expected);
                    journal.began("c", "config");
                }
                try (FileCommandJournal journal = open()) {
                    assertThat(journal.read()).hasSize(expected.size() + 1).contains(new Entry("c", "config", null));
                }
            }
        }
    }

    private static List<Entry> expected(List<byte[]> lines, int bytes) {
        List<Entry> entries = new ArrayList<>();
        int end = 0;
        for (int i = 0; i < lines.size(); i++) {
            end += lines.get(i).length;
            if (end > bytes) {
                break;
            }
            if (i == 1) {
                entries.add(new Entry("a", "screenshot", null));
            } else if (i == 2) {
                entries.set(0, new Entry("a", "screenshot", result("a", "x")));
            } else if (i == 3) {
                entries.add(new Entry("b", "config", null));
            } else if (i == 4) {
                entries.set(1, new Entry("b", "config", result("b", "y")));
            }
        }
        return entries;
    }

    @Test
    void damageThatNoCrashExplainsIsSaidAndNothingRuns() throws Exception {
        try (FileCommandJournal journal = open()) {
            journal.began("a", "config");
            journal.began("b", "config");
        }
        byte[] bytes = Files.readAllBytes(file());
        for (int i = 0; i < bytes.length - Records.began("b", "config").length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 4;
            Files.write(file(), damaged);
            assertThatThrownBy(this::open)
                    .as("byte %d", i)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is damaged")
                    .hasMessageContaining("delete the file");
        }
    }

    @Test
    void anUnknownFormatIsNotGuessedAt() throws Exception {
        Files.createDirectories(home);
        byte[] head = Records.head();
        try (FileCommandJournal journal = open()) {
            journal.began("a", "config");
        }
        byte[] bytes = Files.readAllBytes(file());
        Files.write(file(), java.util.Arrays.copyOfRange(bytes, head.length, bytes.length));
        assertThatThrownBy(this::open).hasMessageContaining("it begins with");
    }

    /** Each call of the disk fails once: the command is refused, and everything that was acknowledged is there. */
    @Test
    void whateverFailsTheCommandIsRefusedAndNothingAcknowledgedIsLost() throws Exception {
        for (int failing = 0; failing < 40; failing++) {
            Files.deleteIfExists(file());
            FaultyDisk disk = new FaultyDisk();
            List<Entry> acknowledged = new ArrayList<>();
            try (FileCommandJournal journal = new FileCommandJournal(folder(), ID, disk)) {
                disk.failAfter(failing);
                int refused = 0;
                for (int i = 0; i < 10; i++) {
                    String id = "c" + i;
                    try {
                        journal.began(id, "config");
                        acknowledged.add(new Entry(id, "config", null));
                        journal.done(result(id, "x"));
                        acknowledged.set(acknowledged.size() - 1, new Entry(id, "config", result(id, "x")));
                    } catch (IOException e) {
                        refused++;
                        assertThat(e).hasMessageContaining("Commands are refused until it can");
                    }
                }
                assertThat(refused).as("call %d", failing).isLessThanOrEqualTo(1);
                assertThat(journal.read()).as("call %d", failing).isEqualTo(acknowledged);
            }
            try (FileCommandJournal journal = open()) {
                assertThat(journal.read()).as("call %d", failing).containsAll(acknowledged);
            }
        }
    }

    @Test
    void aDiskThatStaysBrokenRefusesEveryCommand() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (FileCommandJournal journal = new FileCommandJournal(folder(), ID, disk)) {
            journal.began("a", "config");
            for (int i = 0; i < 5; i++) {
                disk.failAfter(0);
                assertThatThrownBy(() -> journal.began("b", "config")).isInstanceOf(IOException.class);
            }
            journal.began("b", "config");
        }
        try (FileCommandJournal journal = open()) {
            assertThat(journal.read()).extracting(Entry::commandId).containsExactly("a", "b");
        }
    }

    @Test
    void itForgetsTheOldestButNotHowEachTypeWasLastAndTheFileStaysBounded() throws Exception {
        int commands = 9_000;
        long most = 0;
        try (FileCommandJournal journal = open()) {
            journal.began("stop", "stop_capture");
            for (int i = 0; i < commands; i++) {
                journal.began("c" + i, "config");
                journal.done(result("c" + i, "x"));
                most = i % 500 == 0 ? Math.max(most, Files.size(file())) : most;
            }
            assertThat(journal.read()).hasSize(FileCommandJournal.REMEMBERED + 1);
        }
        assertThat(most).isGreaterThan(Files.size(file())).isLessThan(4_000_000); // it was written anew meanwhile
        try (FileCommandJournal journal = open()) {
            assertThat(journal.read()).hasSize(FileCommandJournal.REMEMBERED + 1);
            assertThat(journal.read().get(0)).isEqualTo(new Entry("stop", "stop_capture", null));
            assertThat(journal.read().get(1).commandId()).isEqualTo("c" + (commands - FileCommandJournal.REMEMBERED));
        }
    }

    /** An agent and its successor run side by side until the server has closed the first one's connection. */
    @Test
    void ofTwoProcessesNeitherBeginsWhatTheOtherBegan() throws Exception {
        try (FileCommandJournal old = open();
                FileCommandJournal fresh = open()) {
            old.began("a", "config");
            assertThatThrownBy(() -> fresh.began("a", "config"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another process");
            fresh.began("b", "config");
            assertThatThrownBy(() -> old.began("b", "config")).isInstanceOf(IOException.class);
            old.done(result("a", "x"));
            fresh.done(result("b", "y"));
        }
        try (FileCommandJournal journal = open()) {
            assertThat(journal.read())
                    .containsExactly(
                            new Entry("a", "config", result("a", "x")), new Entry("b", "config", result("b", "y")));
        }
    }

    @Test
    void twoProcessesThatWriteMuchLoseNothingOfEachOther() throws Exception {
        try (FileCommandJournal one = open();
                FileCommandJournal other = open()) {
            for (int i = 0; i < 60; i++) {
                (i % 3 == 0 ? one : other).began("c" + i, "config");
            }
        }
        try (FileCommandJournal journal = open()) {
            assertThat(journal.read()).hasSize(60);
        }
    }

    @Test
    void desktopsInOneFolderHaveAJournalEach() throws Exception {
        try (FileCommandJournal one = open();
                FileCommandJournal other = new FileCommandJournal(folder(), "desk-2")) {
            one.began("a", "config");
            other.began("b", "config");
            assertThat(one.read()).hasSize(1);
            assertThat(other.read()).hasSize(1);
        }
    }

    @Test
    void nobodyElseMayReadIt() throws Exception {
        try (FileCommandJournal journal = open()) {
            journal.began("a", "config");
        }
        if (Files.getFileAttributeView(home, PosixFileAttributeView.class) != null) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");
        }
    }

    /** Processes of their own, killed while they write: whatever was acknowledged is there. */
    @Test
    void aKilledProcessLosesNothingThatItAcknowledged() throws Exception {
        int known = 0;
        for (int round = 0; round < 4; round++) {
            Path told = home.resolve("told-" + round);
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            KilledWriter.class.getName(),
                            home.toString(),
                            ID,
                            String.valueOf(round))
                    .redirectOutput(told.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                int least = 3 + 5 * round;
                org.awaitility.Awaitility.await()
                        .atMost(java.time.Duration.ofSeconds(60))
                        .until(() -> Files.readAllLines(told).size() >= least);
            } finally {
                child.destroyForcibly().waitFor();
            }
            List<String> acknowledged = wholeLines(told);
            try (FileCommandJournal journal = open()) {
                List<String> ids = journal.read().stream().map(Entry::commandId).toList();
                assertThat(ids).containsAll(acknowledged);
                assertThat(ids.size() - known - acknowledged.size())
                        .isBetween(0, 1); // one more may have been on its way
                known = ids.size();
            }
        }
    }

    private static List<String> wholeLines(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Writes until it is killed, and says each id behind the call that journalled it. */
    static final class KilledWriter {
        private KilledWriter() {}

        /** Writes; {@code arguments}: the folder, the desktop, and a word for the ids. */
        public static void main(String[] arguments) throws Exception {
            try (FileCommandJournal journal =
                    new FileCommandJournal(new PrivateFolder(Path.of(arguments[0])), arguments[1])) {
                for (int i = 0; i < 1000; i++) {
                    String id = arguments[2] + "-" + i;
                    journal.began(id, "config");
                    System.out.println(id);
                    System.out.flush();
                    journal.done(result(id, "x"));
                }
            }
        }
    }
}
