package io.quickdrop.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonStreamParser;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Reads {@code docs/protocol.md}: what it shows is what the codec does, and it leaves nothing out. */
class ProtocolDocumentTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\R(.*?)^```");

    private final String document = read(Path.of("..", "docs", "protocol.md"));

    @Test
    void everyJsonExampleIsDecodedAndEncodedToTheSame() {
        List<JsonElement> examples = jsonExamples();
        assertThat(examples).hasSizeGreaterThan(20);
        for (JsonElement example : examples) {
            Decoded<Message> decoded = TextCodec.decode(example.toString());
            assertThat(decoded).as("%s", example).isInstanceOf(Decoded.Accepted.class);
            String encoded = TextCodec.encode(((Decoded.Accepted<Message>) decoded).value());
            assertThat(JsonParser.parseString(encoded)).isEqualTo(example);
        }
    }

    @Test
    void everyHexExampleIsAChunkOrAFrameAndEncodedToTheSame() {
        List<String> examples = blocks("hex");
        Set<Byte> kinds = new TreeSet<>();
        for (String example : examples) {
            ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex(example.replaceAll("\\s", "")));
            kinds.add(message.get(0));
            if (message.get(0) == Chunk.KIND) {
                Decoded<Chunk> decoded = Chunk.decode(message);
                assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
                Chunk chunk = ((Decoded.Accepted<Chunk>) decoded).value();
                assertThat(chunk.isIntact()).isTrue();
                assertThat(chunk.encode()).isEqualTo(message);
            } else {
                Decoded<Frame> decoded = Frame.decode(message);
                assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
                assertThat(((Decoded.Accepted<Frame>) decoded).value().encode()).isEqualTo(message);
            }
        }
        assertThat(kinds).containsExactly(Chunk.KIND, FrameHeader.KIND);
    }

    @Test
    void everyRegistrationErrorIsExplained() throws IllegalAccessException {
        for (var constant : RegistrationError.class.getFields()) {
            assertThat(document).contains("\n| `" + constant.get(null) + "` |");
        }
    }

    @Test
    void everyBlockIsOfAKindThatIsRead() {
        Matcher fence = Pattern.compile("(?m)^```").matcher(document);
        assertThat(fence.results().count())
                .isEqualTo(2L * (blocks("json").size() + blocks("hex").size()));
    }

    @Test
    void everyMessageHasAnExample() {
        Set<String> shown = jsonExamples().stream()
                .map(example -> example.getAsJsonObject().get("type").getAsString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(shown).isEqualTo(new TreeSet<>(MessageTypes.BY_NAME.keySet()));
    }

    @Test
    void everyErrorReasonIsExplained() throws IllegalAccessException {
        for (var constant : ErrorReason.class.getFields()) {
            if (Modifier.isStatic(constant.getModifiers())) {
                assertThat(document).contains("\n| `" + constant.get(null));
            }
        }
    }

    @Test
    void everyCloseCodeIsExplained() {
        Arrays.stream(CloseCode.values()).forEach(code -> assertThat(document).contains("\n| " + code.code() + " | "));
    }

    private List<JsonElement> jsonExamples() {
        List<JsonElement> examples = new ArrayList<>();
        for (String block : blocks("json")) {
            new JsonStreamParser(block).forEachRemaining(examples::add);
        }
        return examples;
    }

    private List<String> blocks(String kind) {
        return BLOCK.matcher(document)
                .results()
                .filter(block -> block.group(1).equals(kind))
                .map(block -> block.group(2))
                .toList();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new AssertionError("can't read " + path.toAbsolutePath(), e);
        }
    }
}
