package io.quickdrop.agent.journal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.relay.driver.agent.CommandJournal.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * The journal's bytes: lines of text, each with the CRC-32C of the rest of it and the length of its JSON before that, eight hex
 * digits each. The first names the format; then {@code begin} lines, and the {@code command_result} messages that were answered.
 */
final class Records {
    private static final String HEAD = "{\"type\":\"journal\",\"format\":1}";
    private static final String BEGIN = "begin";
    private static final int SUM_DIGITS = 8;
    private static final int HEADER_BYTES = 2 * (SUM_DIGITS + 1);
    private static final HexFormat HEX = HexFormat.of();

    /**
     * What a journal's bytes say.
     *
     * @param entries in the order in which they began
     * @param lines that are whole
     * @param wholeBytes up to where they go; what is behind was being written when the power went
     */
    record Read(Map<String, Entry> entries, int lines, int wholeBytes) {}

    private Records() {}

    /** The first line of every journal. */
    static byte[] head() {
        return line(HEAD);
    }

    static byte[] began(String commandId, String commandType) {
        JsonObject begin = new JsonObject();
        begin.addProperty("type", BEGIN);
        begin.addProperty("commandId", commandId);
        begin.addProperty("commandType", commandType);
        return line(begin.toString());
    }

    static byte[] done(CommandResult result) {
        return line(TextCodec.encode(result));
    }

    private static byte[] line(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        byte[] line = new byte[HEADER_BYTES + text.length + 1];
        ByteBuffer rest = ByteBuffer.wrap(line).position(SUM_DIGITS + 1);
        rest.put(HEX.toHexDigits(text.length).getBytes(StandardCharsets.US_ASCII))
                .put((byte) ' ')
                .put(text)
                .put((byte) '\n');
        byte[] sum = HEX.toHexDigits(sum(line, SUM_DIGITS + 1, line.length)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(sum, 0, line, 0, SUM_DIGITS);
        line[SUM_DIGITS] = ' ';
        return line;
    }

    private static int sum(byte[] bytes, int from, int to) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, to - from);
        return (int) sum.getValue();
    }

    /**
     * Reads a journal. Each line was on the disk before the next was begun, so behind the last whole one lies at most what a
     * crash left of the next.
     *
     * @throws DamageException if there is a whole line behind something else, or one that makes no sense
     */
    static Read read(byte[] bytes) throws DamageException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        int lines = 0;
        int at = 0;
        for (int end = end(bytes, at); end > 0; end = end(bytes, at)) {
            String json = new String(bytes, at + HEADER_BYTES, end - 1 - at - HEADER_BYTES, StandardCharsets.UTF_8);
            take(json, lines, entries);
            lines++;
            at = end;
        }
        for (int later = at + 1; later < bytes.length; later++) {
            if (end(bytes, later) > 0) {
                throw new DamageException("what is at byte " + at + " is not what was written there");
            }
        }
        return new Read(entries, lines, at);
    }

    /** Where the whole line ends that begins there; 0 if there is none. */
    private static int end(byte[] bytes, int from) {
        if (bytes.length - from <= HEADER_BYTES || bytes[from + SUM_DIGITS] != ' ') {
            return 0;
        }
        OptionalInt length = number(bytes, from + SUM_DIGITS + 1);
        OptionalInt sum = number(bytes, from);
        if (length.isEmpty() || sum.isEmpty()) {
            return 0;
        }
        long end = (long) from + HEADER_BYTES + Integer.toUnsignedLong(length.getAsInt()) + 1;
        boolean whole = end <= bytes.length && sum(bytes, from + SUM_DIGITS + 1, (int) end) == sum.getAsInt();
        return whole ? (int) end : 0;
    }

    private static OptionalInt number(byte[] bytes, int from) {
        int number = 0;
        for (int i = from; i < from + SUM_DIGITS; i++) {
            if (!HexFormat.isHexDigit(bytes[i])) {
                return OptionalInt.empty();
            }
            number = number << 4 | HexFormat.fromHexDigit(bytes[i]);
        }
        return OptionalInt.of(number);
    }

    private static void take(String json, int line, Map<String, Entry> entries) throws DamageException {
        if (line == 0) {
            if (!json.equals(HEAD)) {
                throw new DamageException("it begins with " + json + "; known is " + HEAD);
            }
        } else if (TextCodec.decode(json) instanceof Decoded.Accepted<Message> accepted
                && accepted.value() instanceof CommandResult result) {
            entries.computeIfPresent(result.commandId(), (id, began) -> new Entry(id, began.commandType(), result));
        } else {
            Entry began = began(json);
            entries.remove(began.commandId()); // so that its place is where it began last
            entries.put(began.commandId(), began);
        }
    }

    private static Entry began(String json) throws DamageException {
        try {
            JsonObject begin = JsonParser.parseString(json).getAsJsonObject();
            if (text(begin, "type").equals(BEGIN)) {
                return new Entry(text(begin, "commandId"), text(begin, "commandType"), null);
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new DamageException("it holds a line that makes no sense: " + json, e);
        }
        throw new DamageException("it holds a line of an unknown kind: " + json);
    }

    private static String text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IllegalStateException(name + " is missing");
        }
        return value.getAsString();
    }

    /** The bytes are none that this journal wrote, and no crash of it explains them. */
    static final class DamageException extends Exception {
        private static final long serialVersionUID = 1;

        DamageException(String found) {
            super(found);
        }

        DamageException(String found, Throwable cause) {
            super(found, cause);
        }
    }
}
