package io.quickdrop.server.access;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a check of the audit log found.
 *
 * @param lines how many lines hang together, from the oldest kept
 * @param tornLines how many of them were torn by a crash and noted so
 * @param problem a sentence that names the first line that doesn't fit; empty if all do
 */
public record AuditTrail(long lines, long tornLines, String problem) {
    /** Whether every line fits to the one before it. */
    public boolean isIntact() {
        return problem.isEmpty();
    }

    /**
     * Reads {@code audit.1.log} and {@code audit.log} in {@code dataDirectory} from beginning to end. A log that is
     * being written may end in the middle of a line, which is then reported: check it while the server rests.
     */
    public static AuditTrail verify(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve("audit.log");
        Check check = new Check();
        for (Path part : List.of(AuditLog.older(file), file)) {
            if (Files.exists(part)) {
                check.read(part);
            }
        }
        return check.result();
    }

    private static final class Check {
        private long lines;
        private long tornLines;
        private String problem = "";
        private Optional<String> previousHash = Optional.empty();
        private boolean previousIsTorn;

        void read(Path file) throws IOException {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                long number = 1;
                for (int next = in.read(); next >= 0 && problem.isEmpty(); next = in.read()) {
                    if (next != '\n') {
                        line.write(next);
                        if (line.size() > AuditLog.MAX_LINE_BYTES) {
                            fail(file, number, "is longer than any that the server writes");
                        }
                        continue;
                    }
                    check(file, number, line.toByteArray());
                    line.reset();
                    number++;
                }
                if (problem.isEmpty() && line.size() > 0) {
                    fail(file, number, "is cut off; the next start of the server notes that");
                }
            }
        }

        AuditTrail result() {
            if (problem.isEmpty() && previousIsTorn) {
                problem = "the last line is no JSON object";
            }
            return new AuditTrail(lines, tornLines, problem);
        }

        private void check(Path file, long number, byte[] line) {
            Optional<JsonObject> entry = parse(line);
            if (previousIsTorn && entry.filter(Check::notesTornLine).isEmpty()) {
                fail(file, number - 1, "is no JSON object, and no crash was noted after it");
                return;
            }
            // The oldest file kept may begin anywhere in the chain.
            if (entry.isPresent()
                    && previousHash.isPresent()
                    && !text(entry.get(), "prev").equals(previousHash.get())) {
                fail(file, number, "doesn't hold the hash of the line before it: one of both was changed");
                return;
            }
            lines++;
            previousIsTorn = entry.isEmpty();
            tornLines += previousIsTorn ? 1 : 0;
            previousHash = Optional.of(AuditLog.hash(line));
        }

        private void fail(Path file, long number, String what) {
            problem = file.getFileName() + " line " + number + " " + what;
        }

        private static boolean notesTornLine(JsonObject entry) {
            return text(entry, "what").equals(AuditLog.TORN_LINE);
        }

        private static Optional<JsonObject> parse(byte[] line) {
            try {
                JsonElement element = JsonParser.parseString(new String(line, StandardCharsets.UTF_8));
                return element.isJsonObject() ? Optional.of(element.getAsJsonObject()) : Optional.empty();
            } catch (JsonParseException e) {
                return Optional.empty();
            }
        }

        private static String text(JsonObject entry, String name) {
            JsonElement value = entry.get(name);
            return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
        }
    }
}
