package io.quickdrop.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextCodecTest {
    private static final String START =
            "{\"type\":\"start\",\"sessionId\":\"a\",\"mime\":\"video/mp4\",\"ext\":\"mp4\",\"ts\":1}";

    @ParameterizedTest
    @MethodSource("io.quickdrop.protocol.Samples#types")
    void everyMessageSurvivesTheWire(Class<? extends Message> type) {
        for (long seed = 0; seed < 200; seed++) {
            Message message = new Samples(seed, seed == 0).of(type);
            assertThat(TextCodec.decode(TextCodec.encode(message)))
                    .as("seed %d", seed)
                    .isEqualTo(new Decoded.Accepted<>(message));
        }
    }

    @Test
    void everyMessageHasAWireName() {
        Set<String> names = Samples.types()
                .map(type -> MessageTypes.nameOf(new Samples(1, true).of(type)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).containsExactlyElementsOf(new TreeSet<>(MessageTypes.BY_NAME.keySet()));
    }

    @ParameterizedTest
    @MethodSource("io.quickdrop.protocol.Samples#types")
    void everyFieldOfTheWrongFormIsNamed(Class<? extends Message> type) {
        JsonObject whole = json(new Samples(3, true).of(type));
        for (String field : whole.keySet()) {
            boolean notRead = field.equals("type") || field.equals("desktops");
            for (JsonElement wrong : notRead ? List.<JsonElement>of() : wrongFormsOf(whole.get(field))) {
                JsonObject broken = whole.deepCopy();
                broken.add(field, wrong);
                assertThat(reasonOf(broken.toString())).startsWith("bad_field:" + field);
            }
        }
    }

    /** Values of another JSON type than {@code right}; none of our fields is of two types. */
    private static List<JsonElement> wrongFormsOf(JsonElement right) {
        List<JsonElement> all = List.of(
                new JsonObject(),
                new JsonArray(),
                new JsonPrimitive(-1.5e300),
                new JsonPrimitive("x".repeat(5000)),
                new JsonPrimitive(true));
        return all.stream()
                .filter(wrong -> wrong.getClass() != right.getClass()
                        || (right instanceof JsonPrimitive primitive && !sameKind(primitive, (JsonPrimitive) wrong)))
                .toList();
    }

    private static boolean sameKind(JsonPrimitive a, JsonPrimitive b) {
        return (a.isBoolean() && b.isBoolean()) || (a.isNumber() && b.isNumber()) || (a.isString() && b.isString());
    }

    @ParameterizedTest
    @MethodSource("io.quickdrop.protocol.Samples#types")
    void aMissingFieldIsNamedUnlessItIsOptional(Class<? extends Message> type) {
        JsonObject whole = json(new Samples(3, true).of(type));
        JsonObject least = json(new Samples(5, false).of(type));
        for (String field : whole.keySet()) {
            JsonObject broken = whole.deepCopy();
            broken.remove(field);
            Decoded<Message> decoded = TextCodec.decode(broken.toString());
            if (decoded instanceof Decoded.Rejected<Message> rejected) {
                // Without these it is the other form of the same type, which lacks other fields.
                boolean otherForm = field.equals("protocol") || field.equals("hop");
                assertThat(rejected.reason()).startsWith(otherForm ? "bad_field:" : "bad_field:" + field);
            } else {
                assertThat(least.keySet()).as("%s is required", field).isNotEqualTo(Set.of(field));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sessionId | \"\"",
                "sessionId | \"../etc\"",
                "sessionId | \"a b\"",
                "sessionId | 7",
                "ext       | \".mp4\"",
                "ext       | \"\"",
                "ext       | \"abcdefghi\"",
                "ext       | \"m/p\"",
                "ts        | -1",
                "ts        | 1.5",
                "ts        | 1e3",
                "ts        | 9223372036854775808",
                "ts        | \"1\"",
                "totalBytes| -1",
                "totalBytes| 1e999999999",
                "label     | 5",
                "resume    | \"true\"",
                "mime      | null",
            })
    void aFieldThatBreaksItsRuleIsNamed(String field, String value) {
        JsonObject start = JsonParser.parseString(START).getAsJsonObject();
        start.add(field, JsonParser.parseString(value));
        assertThat(reasonOf(start.toString())).isEqualTo("bad_field:" + field);
    }

    @Test
    void lengthsOfStringsAreBounded() {
        for (Map.Entry<String, Integer> bound : Map.of("mime", Limits.MAX_MIME_CHARS, "label", Limits.MAX_LABEL_CHARS)
                .entrySet()) {
            JsonObject start = JsonParser.parseString(START).getAsJsonObject();
            start.addProperty(bound.getKey(), "x".repeat(bound.getValue()));
            assertThat(TextCodec.decode(start.toString())).isInstanceOf(Decoded.Accepted.class);
            start.addProperty(bound.getKey(), "x".repeat(bound.getValue() + 1));
            assertThat(reasonOf(start.toString())).isEqualTo("bad_field:" + bound.getKey());
        }
    }

    @Test
    void aFieldOfANestedObjectIsNamedWithItsPath() {
        JsonObject hello = json(new Samples(1, true).of(LinkMessage.Hello.class));
        hello.getAsJsonObject("limits").addProperty("maxChunk", 1L << 40);
        assertThat(reasonOf(hello.toString())).isEqualTo("bad_field:limits.maxChunk");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "\"start\"",
                "{",
                "{}{}",
                "{} x",
                "{'type':'ping'}",
                "{type:\"ping\"}",
                "{\"type\":\"ping\",}",
                "{\"type\":\"ping\" /* no */}",
                "{\"a\":NaN}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\n\"}",
                "\uFEFF",
                "\u0000",
                ")]}'\n{}"
            })
    void whatIsNotOneStrictJsonObjectIsBadJson(String text) {
        assertThat(reasonOf(text)).isEqualTo("bad_json");
    }

    @Test
    void deepNestingIsRefusedAndNotRecursedInto() {
        assertThat(reasonOf("{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}"))
                .isEqualTo("bad_json");
        assertThat(reasonOf("{\"a\":".repeat(12_000) + "1" + "}".repeat(12_000)))
                .isEqualTo("bad_json");
    }

    @Test
    void theAnswerToNonsenseStaysShort() {
        Decoded<Message> decoded = TextCodec.decode("{\"" + "k".repeat(60_000) + "\":{\"a\":x}}");
        assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
        LinkMessage.Problem answer = ((Decoded.Rejected<Message>) decoded).asProblem();
        assertThat(TextCodec.encode(answer)).hasSizeLessThan(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Start", "hand_shake", "nächste"})
    void anUnknownTypeIsNamed(String type) {
        assertThat(reasonOf("{\"type\":\"" + type + "\"}")).isEqualTo("unknown_type:" + type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":null}", "{\"type\":1}", "{\"type\":[\"ping\"]}"})
    void aMessageWithoutATypeIsABadField(String text) {
        assertThat(reasonOf(text)).isEqualTo("bad_field:type");
    }

    @Test
    void anOpaqueNumberOfAnyFormIsTaken() {
        for (String number : List.of("1.5", "-3", "1e999999999", "-1e-999999999", "9".repeat(400))) {
            assertThat(TextCodec.decode("{\"type\":\"ping\",\"ts\":" + number + "}"))
                    .as(number)
                    .isInstanceOf(Decoded.Accepted.class);
        }
        assertThat(TextCodec.decode("{\"type\":\"ping\",\"timestamp\":1760000000123.75}"))
                .isEqualTo(new Decoded.Accepted<>(new LinkMessage.Ping(1760000000123L, null)));
    }

    @Test
    void unknownFieldsAreIgnored() {
        assertThat(TextCodec.decode("{\"new\":{\"x\":[1]},\"type\":\"goodbye\",\"retryAfterMs\":5}"))
                .isEqualTo(new Decoded.Accepted<>(new LinkMessage.Goodbye(5)));
    }

    @Test
    void absentOptionalFieldsAreLeftOut() {
        assertThat(TextCodec.encode(new LinkMessage.Ping(null, null))).isEqualTo("{\"type\":\"ping\"}");
        assertThat(TextCodec.encode(new UploadMessage.Start(
                        new SessionId("a"), new UploadMessage.Description("video/mp4", "mp4", null, 1, null), false)))
                .isEqualTo(START);
    }

    @Test
    void aFrameIsBoundedInBytesNotCharacters() {
        String frame = "{\"type\":\"ping\",\"pad\":\"%s\"}";
        int room = Limits.MAX_TEXT_BYTES - frame.length() + 2;
        assertThat(TextCodec.decode(frame.formatted("x".repeat(room)))).isInstanceOf(Decoded.Accepted.class);
        assertThat(reasonOf(frame.formatted("x".repeat(room + 1)))).isEqualTo("bad_json");
        assertThat(TextCodec.decode(frame.formatted("é".repeat(room / 2)))).isInstanceOf(Decoded.Accepted.class);
        assertThat(reasonOf(frame.formatted("é".repeat(room / 2 + 1)))).isEqualTo("bad_json");
    }

    @Test
    void mutatedFramesNeverThrow() {
        List<Class<? extends Message>> types = Samples.types().toList();
        for (long seed = 0; seed < 30_000; seed++) {
            Random random = new Random(seed);
            Message message = new Samples(seed, false).of(types.get(random.nextInt(types.size())));
            String frame = mutated(TextCodec.encode(message), random);
            try {
                Decoded<Message> decoded = TextCodec.decode(frame);
                if (decoded instanceof Decoded.Accepted<Message> accepted) {
                    assertThat(TextCodec.decode(TextCodec.encode(accepted.value())))
                            .as("seed %d: %s", seed, frame)
                            .isEqualTo(decoded);
                } else {
                    String reason = ((Decoded.Rejected<Message>) decoded).reason();
                    assertThat(reason).as("seed %d", seed).matches("(?s)bad_json|bad_field:.+|unknown_type:.*");
                }
            } catch (RuntimeException thrown) {
                throw new AssertionError("seed " + seed + ": " + frame, thrown);
            }
        }
    }

    private static String mutated(String frame, Random random) {
        StringBuilder text = new StringBuilder(frame);
        String spice = "{}[]\",:\\0123456789eE+-.truefalsn \u0000\uD800é";
        for (int i = random.nextInt(4); i >= 0 && text.length() > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, spice.charAt(random.nextInt(spice.length())));
                case 2 -> text.setCharAt(at, spice.charAt(random.nextInt(spice.length())));
                default -> {
                    int end = Math.min(text.length(), at + random.nextInt(20));
                    text.insert(random.nextInt(text.length()), text.substring(at, end));
                }
            }
        }
        return text.toString();
    }

    private static JsonObject json(Message message) {
        return JsonParser.parseString(TextCodec.encode(message)).getAsJsonObject();
    }

    private static String reasonOf(String text) {
        Decoded<Message> decoded = TextCodec.decode(text);
        assertThat(decoded).as(text).isInstanceOf(Decoded.Rejected.class);
        Decoded.Rejected<Message> rejected = (Decoded.Rejected<Message>) decoded;
        assertThat(rejected.detail()).isNotBlank();
        return rejected.reason();
    }

    @Test
    void blocksHaveAsManyHashesAsTheyCover() {
        String hash = "0123456789abcdef".repeat(4);
        String text = "{\"type\":\"blocks\",\"sessionId\":\"a\",\"reason\":\"integrity_mismatch\",\"offset\":0,"
                + "\"bytes\":%s,\"blockBytes\":65536,\"hashes\":[\"" + hash + "\"]}";

        assertThat(TextCodec.decode(text.formatted("65536"))).isInstanceOf(Decoded.Accepted.class);
        for (String bytes : List.of("0", "65537", "9223372036854775807")) {
            assertThat(TextCodec.decode(text.formatted(bytes)))
                    .as(bytes)
                    .isInstanceOfSatisfying(Decoded.Rejected.class, rejected -> assertThat(rejected.reason())
                            .isEqualTo("bad_field:hashes"));
        }
    }

    @Test
    void blocksOfAnyRecordingFitInOneMessage() {
        for (long bytes : new long[] {0, 1, 1 << 24, (1 << 24) + 1, 100_000_000_000L, 1L << 40}) {
            long blockBytes = UploadMessage.Blocks.blockBytesFor(bytes);
            int count = (int) UploadMessage.Blocks.count(bytes, blockBytes);
            assertThat(count).isLessThanOrEqualTo(Limits.MAX_BLOCKS);
            assertThat(Long.bitCount(blockBytes)).isEqualTo(1);
            List<String> hashes = Collections.nCopies(count, "0123456789abcdef".repeat(4));
            String text = TextCodec.encode(new UploadMessage.Blocks(
                    new SessionId("s".repeat(128)), ErrorReason.INTEGRITY_MISMATCH, 0, bytes, blockBytes, hashes));
            assertThat(text.length()).isLessThan(Limits.MAX_TEXT_BYTES);
        }
    }
}
