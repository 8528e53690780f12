package io.quickdrop.protocol.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class V1CodecTest {
    /** Start of image, an application segment, and a start of frame of 720 × 1280 (height × width). */
    private static final byte[] JPEG =
            bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc2, 0, 17, 8, 0x02, 0xd0, 0x05, 0x00, 3, 1, 0x22, 0);

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
    }

    private static V1Message read(String text) {
        return read(text, null, null);
    }

    private static V1Message read(String text, @Nullable String type, @Nullable String id) {
        Decoded<V1Message> decoded = V1Codec.decode(text, type, id);
        assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
        return ((Decoded.Accepted<V1Message>) decoded).value();
    }

    private static String refused(String text) {
        Decoded<V1Message> decoded = V1Codec.decode(text, null, null);
        assertThat(decoded).as(text).isInstanceOf(Decoded.Rejected.class);
        return ((Decoded.Rejected<V1Message>) decoded).reason();
    }

    @Test
    void aHandshakeIsReadInEitherSpelling() {
        V1Message nested =
                read("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"d-1\","
                        + "\"friendlyName\":\"Box\",\"hostname\":\"box\",\"monitors\":[{\"id\":0,\"width\":800,\"height\":600,"
                        + "\"primary\":true},{\"id\":\"1\",\"name\":\"side\"}]}}");
        assertThat(nested).isInstanceOfSatisfying(V1Message.Handshake.class, said -> {
            assertThat(said.info().clientId()).isEqualTo("d-1");
            assertThat(said.info().friendlyName()).isEqualTo("Box");
            assertThat(said.info().monitors()).extracting("index").containsExactly(0, 1);
            assertThat(said.info().monitors().get(0).width()).isEqualTo(800);
        });
        V1Message flat = read("{\"type\":\"handshake\",\"client_type\":\"desktop\",\"client_id\":\"d-2\"}");
        assertThat(((V1Message.Handshake) flat).info().clientId()).isEqualTo("d-2");
        assertThat(((V1Message.Handshake) flat).info().monitors()).isEmpty();
    }

    @Test
    void whatAHandshakeLeavesOutIsTakenFromTheQuery() {
        V1Message said = read("{\"type\":\"handshake\"}", "desktop", "d-3");
        assertThat(((V1Message.Handshake) said).info().clientId()).isEqualTo("d-3");
        assertThat(refused("{\"type\":\"handshake\"}")).isEqualTo("bad_field:clientType");
        assertThat(refused("{\"type\":\"handshake\",\"clientType\":\"desktop\",\"clientId\":\"../etc\"}"))
                .isEqualTo("bad_field:clientId");
    }

    @Test
    void aPictureIsReadWithItsOwnSize() {
        V1Message read = read("{\"type\":\"frame_data\",\"frameData\":\"data:image/jpeg;base64," + base64(JPEG)
                + "\",\"frameNumber\":7,\"timestamp\":1760000000000.25,\"monitorId\":\"1\",\"width\":1,\"height\":1,"
                + "\"metadata\":{\"quality\":60,\"other\":[]}}");
        assertThat(read).isInstanceOfSatisfying(V1Message.Picture.class, picture -> {
            assertThat(picture.codec()).isEqualTo(PictureCodec.JPEG);
            assertThat(picture.width()).isEqualTo(1280);
            assertThat(picture.height()).isEqualTo(720);
            assertThat(picture.frameNumber()).isEqualTo(7);
            assertThat(picture.timestampMillis()).isEqualTo(1_760_000_000_000L);
            assertThat(picture.screen()).isEqualTo(1);
            assertThat(picture.quality()).isEqualTo(60);
            assertThat(picture.bytes()).isEqualTo(ByteBuffer.wrap(JPEG));
        });
    }

    @Test
    void aPictureOfTwoScreensIsReadToo() {
        byte[] png = bytes(
                0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 4, 0, 0, 0, 3, 0);
        V1Message read =
                read("{\"type\":\"dual_screen_frame\",\"client_id\":\"d\",\"screen_id\":\"screen_2\",\"image_data\":\""
                        + base64(png)
                        + "\",\"frame_number\":9,\"format\":\"png\",\"width\":5,\"height\":5,\"timestamp\":\"x\"}");
        assertThat(read).isInstanceOfSatisfying(V1Message.Picture.class, picture -> {
            assertThat(picture.codec()).isEqualTo(PictureCodec.PNG);
            assertThat(picture.width()).isEqualTo(1024);
            assertThat(picture.height()).isEqualTo(768);
            assertThat(picture.screen()).isEqualTo(2);
            assertThat(picture.timestampMillis()).isNull();
        });
    }

    @Test
    void aPictureThatIsNoneIsRefused() {
        assertThat(refused("{\"type\":\"frame_data\",\"frameNumber\":1}")).isEqualTo("bad_field:frameData");
        assertThat(refused("{\"type\":\"frame_data\",\"frameNumber\":1,\"frameData\":\"!\"}"))
                .isEqualTo("bad_field:frameData");
        assertThat(refused("{\"type\":\"frame_data\",\"frameNumber\":1,\"frameData\":\"R0lG\"}"))
                .isEqualTo("bad_field:frameData");
        assertThat(refused("{\"type\":\"frame_data\",\"frameNumber\":-1,\"frameData\":\"" + base64(JPEG) + "\"}"))
                .isEqualTo("bad_field:frameNumber");
        assertThat(refused("{\"type\":\"frame_data\",\"frameNumber\":1,\"monitorId\":999,\"frameData\":\""
                        + base64(JPEG) + "\"}"))
                .isEqualTo("bad_field:monitorId");
        String sizeless = base64(bytes(0xff, 0xd8, 0xff, 0xd9));
        assertThat(refused("{\"type\":\"frame_data\",\"frameNumber\":1,\"frameData\":\"" + sizeless + "\"}"))
                .isEqualTo("bad_field:width");
    }

    @Test
    void whatViewersAskIsReadAsV2KnowsIt() {
        assertThat(read("{\"type\":\"start_stream\",\"desktopClientId\":\"d\",\"monitorId\":1}"))
                .isEqualTo(new V1Message.Asked(new ViewerMessage.StartStream("d", 1, Rendition.WHOLE)));
        assertThat(read("{\"type\":\"stop_stream\",\"desktopClientId\":\"d\"}"))
                .isEqualTo(new V1Message.Asked(new ViewerMessage.StopStream("d", null, Rendition.WHOLE)));
        assertThat(read("{\"type\":\"frame_ack\",\"desktopClientId\":\"d\",\"frameNumber\":4,\"latency\":1.5}"))
                .isEqualTo(new V1Message.Seen("d", 4));
        assertThat(read("{\"type\":\"get_desktop_clients\"}"))
                .isEqualTo(new V1Message.Asked(new ViewerMessage.GetDesktopClients()));
        assertThat(read("{\"type\":\"desktop_command\",\"desktopClientId\":\"d\",\"commandType\":\"config\"}"))
                .isEqualTo(
                        new V1Message.Asked(new ViewerMessage.DesktopCommand("d", "config", new JsonObject(), null)));
    }

    @Test
    void resultsAndReportsAreRead() {
        assertThat(read("{\"type\":\"command_result\",\"commandId\":\"c\",\"status\":\"success\"}"))
                .isInstanceOfSatisfying(
                        V1Message.Result.class,
                        result -> assertThat(result.result().status()).isEqualTo("completed"));
        assertThat(read("{\"type\":\"command_result\",\"command_id\":\"c\",\"error\":\"no\"}"))
                .isInstanceOfSatisfying(
                        V1Message.Result.class,
                        result -> assertThat(result.result().error()).isEqualTo("no"));
        assertThat(read("{\"type\":\"stream_status\",\"fps\":\"12.5\",\"quality\":70}"))
                .isEqualTo(new V1Message.StreamStatus(12.5, 70));
        assertThat(read("{\"type\":\"capability_report\",\"x\":1}")).isEqualTo(new V1Message.CapabilityReport());
        assertThat(read("{\"type\":\"get_commands\"}")).isEqualTo(new V1Message.GetCommands());
        assertThat(read("{\"type\":\"ping\",\"timestamp\":4.9}")).isEqualTo(new V1Message.Ping(4L));
    }

    @Test
    void whatPhonesSayIsNotOurs() {
        assertThat(refused("{\"type\":\"start\",\"sessionId\":\"s\"}")).isEqualTo("unknown_type:start");
        assertThat(refused("{}")).isEqualTo("unknown_type:");
        assertThat(refused("[1]")).isEqualTo("bad_json");
        assertThat(refused("")).isEqualTo("bad_json");
        assertThat(refused("{\"type\":\"ping\"} x")).isEqualTo("bad_json");
        assertThat(refused("[".repeat(100_000))).isEqualTo("bad_json");
    }

    /** Whole messages with bytes changed, cut and doubled: every one is an answer, none an exception. */
    @Test
    void garbageNeverThrows() {
        List<String> good = List.of(
                "{\"type\":\"frame_data\",\"frameData\":\"" + base64(JPEG)
                        + "\",\"frameNumber\":1,\"timestamp\":1e3,\"monitorId\":0,\"metadata\":{\"quality\":1}}",
                "{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"a\",\"monitors\":[{\"id\":1,"
                        + "\"width\":1}]}}",
                "{\"type\":\"command_result\",\"commandId\":\"c\",\"status\":\"x\",\"result\":{\"a\":[1,null]}}",
                "{\"type\":\"frame_ack\",\"desktopClientId\":\"d\",\"frameNumber\":1e309,\"latency\":-0}",
                "{\"type\":\"stream_status\",\"fps\":1e400,\"quality\":true}");
        String alphabet = "\"{}[]:,\\u0e9-+.tfnE \u0000é/*#'";
        SplittableRandom random = new SplittableRandom(42);
        int accepted = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
            for (int j = random.nextInt(5); j > 0 && !text.isEmpty(); j--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            Decoded<V1Message> decoded = V1Codec.decode(text.toString(), null, null);
            accepted += decoded instanceof Decoded.Accepted<V1Message> ? 1 : 0;
        }
        assertThat(accepted).isBetween(10_000, 90_000);
    }

    @Test
    void filesOfAnyBytesNeverThrow() {
        SplittableRandom random = new SplittableRandom(43);
        for (int i = 0; i < 100_000; i++) {
            byte[] file = new byte[random.nextInt(64)];
            random.nextBytes(file);
            byte[] start =
                    random.nextBoolean() ? bytes(0xff, 0xd8, 0xff) : bytes(0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');
            System.arraycopy(start, 0, file, 0, Math.min(start.length, file.length));
            PictureSize.of(file).ifPresent(size -> assertThat(size.width()).isBetween(0, 0xffff));
        }
    }

    @Test
    void whatIsSentHasTheFieldsThatV1Knows() {
        JsonObject start = JsonParser.parseString(V1Texts.startCapture(
                        new StartCapture(List.of(new ScreenWish(1, List.of(1))), 8, 75, "jpeg"), 5))
                .getAsJsonObject();
        assertThat(start.keySet()).contains("type", "timestamp", "monitorId", "fps", "quality");
        JsonObject commands = JsonParser.parseString(
                        V1Texts.commands(List.of(new Command("c", 3, "config", new JsonObject())), 5))
                .getAsJsonObject();
        assertThat(commands.get("commands")
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .keySet())
                .contains("commandId", "commandType", "commandData");
        JsonObject ack = JsonParser.parseString(V1Texts.frameAck(7, 1, 12, 5)).getAsJsonObject();
        assertThat(ack.keySet()).contains("frameNumber", "latency", "timestamp");
        FrameHeader header = new FrameHeader(PictureCodec.JPEG, 5, 1, 1, 1, 0, 0, 0, 1280, 720, 1, 80, 0, 3);
        JsonObject frame = JsonParser.parseString(V1Texts.frameData("d", header, 9, ByteBuffer.wrap(JPEG), 5))
                .getAsJsonObject();
        assertThat(frame.keySet())
                .contains(
                        "desktopClientId",
                        "frameData",
                        "frameNumber",
                        "timestamp",
                        "monitorId",
                        "width",
                        "height",
                        "metadata");
        assertThat(frame.get("frameData").getAsString()).isEqualTo(base64(JPEG));
        assertThat(JsonParser.parseString(V1Texts.pong(4L, List.of(), 5))
                        .getAsJsonObject()
                        .keySet())
                .contains("availableDesktopClients", "timestamp");
        assertThat(JsonParser.parseString(V1Texts.pong(null, null, 5))
                        .getAsJsonObject()
                        .has("availableDesktopClients"))
                .isFalse();
    }
}
