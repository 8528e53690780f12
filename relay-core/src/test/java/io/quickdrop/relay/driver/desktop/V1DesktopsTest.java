package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.v1.V1Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Desktops and viewers of v1, among themselves and beside those of v2. */
class V1DesktopsTest {
    /** A JPEG's first bytes: start of image, and a start of frame that says 480 × 640 (height × width). */
    private static final byte[] JPEG = {
        (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xc0, 0, 17, 8, 0x01, (byte) 0xe0, 0x02, (byte) 0x80, 3, 1
    };

    private final DesktopScene scene = new DesktopScene();

    private static String picture(String more) {
        return "{\"type\":\"frame_data\",\"frameData\":\"" + Base64.getEncoder().encodeToString(JPEG) + "\"," + more
                + "}";
    }

    private static byte[] jpeg(int last) {
        byte[] file = JPEG.clone();
        file[file.length - 1] = (byte) last;
        return file;
    }

    private static String picture(int number, int last) {
        return "{\"type\":\"frame_data\",\"frameData\":\""
                + Base64.getEncoder().encodeToString(jpeg(last))
                + "\",\"frameNumber\":" + number + ",\"timestamp\":" + (1_760_000_000_000L + number)
                + ",\"monitorId\":0}";
    }

    private DesktopScene.Seat desktop(String clientId) {
        DesktopScene.Seat desktop = scene.v1("desktop", clientId);
        desktop.peer()
                .text("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"" + clientId
                        + "\",\"friendlyName\":\"Old box\"}}");
        scene.settle();
        return desktop;
    }

    @Test
    void aDesktopIsGreetedStoredAndOnlyThenAcknowledged() {
        DesktopScene.Seat desktop = desktop("old-1");
        assertThat(desktop.wire().heard).containsExactly("connection_established", "handshake_ack");
        assertThat(desktop.wire().last("handshake_ack").get("dbRegistered").getAsBoolean())
                .isTrue();
        assertThat(scene.log).containsExactly("stored old-1", "online old-1");
        assertThat(scene.desktops.list()).singleElement().satisfies(listed -> {
            assertThat(listed.generation()).isEqualTo(1);
            assertThat(listed.friendlyName()).isEqualTo("Old box");
            assertThat(listed.monitors()).hasSize(1);
        });
    }

    @Test
    void aRegistryThatFailsIsToldAndClosed() {
        java.util.logging.Logger.getLogger(AgentRegistration.class.getName()).setLevel(java.util.logging.Level.OFF);
        scene.registry.broken = true;
        DesktopScene.Seat desktop = desktop("old-1");
        scene.pass(Duration.ofMillis(200));
        assertThat(desktop.wire().heard)
                .containsExactly("connection_established", "registration_failed", "closed 1008");
    }

    @Test
    void aDesktopNeedsNoQuery() {
        DesktopScene.Seat desktop = scene.v1(null, null);
        desktop.peer().text("{\"type\":\"handshake\",\"client_type\":\"desktop\",\"client_id\":\"old-2\"}");
        scene.settle();
        assertThat(desktop.wire().heard).containsExactly("hello", "handshake_ack");
    }

    @Test
    void aPictureBeforeTheHandshakeIsRefused() {
        DesktopScene.Seat desktop = scene.v1(null, null);
        desktop.peer().text(picture("\"frameNumber\":1"));
        scene.settle();
        assertThat(desktop.wire().heard).containsExactly("hello", "not_registered");
        assertThat(desktop.peer().maxTextBytes()).isEqualTo(Limits.MAX_TEXT_BYTES);
    }

    @Test
    void onlyAnIntroducedDesktopMaySendLongTexts() {
        assertThat(scene.v1(null, null).peer().maxTextBytes()).isEqualTo(Limits.MAX_TEXT_BYTES);
        assertThat(scene.v1("desktop", "x").peer().maxTextBytes()).isEqualTo(Limits.MAX_TEXT_BYTES);
        assertThat(desktop("old-1").peer().maxTextBytes()).isEqualTo(V1Codec.MAX_TEXT_BYTES);
        assertThat(scene.v1("web", "w").peer().maxTextBytes()).isEqualTo(Limits.MAX_TEXT_BYTES);
    }

    @Test
    void aPictureOfV1ReachesAViewerOfV2AndItsPaintOpensTheWindow() {
        DesktopScene.Seat desktop = desktop("old-1");
        DesktopScene.Seat viewer = scene.watcher("ada", "old-1");
        assertThat(desktop.wire().heard).endsWith("start_capture");
        assertThat(desktop.wire().last("start_capture").get("fps").getAsInt()).isPositive();
        desktop.peer().text(picture(701, 5));
        scene.settle();
        assertThat(DesktopScene.shown(viewer)).isEqualTo(jpeg(5));
        assertThat(viewer.wire().frames.get(0).header().width()).isEqualTo(640);
        assertThat(desktop.wire().heard).as("nobody has painted it").doesNotContain("frame_ack");
        DesktopScene.paint(viewer, "old-1");
        scene.settle();
        JsonObject ack = desktop.wire().last("frame_ack");
        assertThat(ack.get("frameNumber").getAsLong()).isEqualTo(701);
        assertThat(ack.get("latency").getAsLong()).isBetween(0L, 100L);
        viewer.peer().closed();
        scene.pass(Duration.ofSeconds(3));
        assertThat(desktop.wire().heard).endsWith("stop_capture");
    }

    @Test
    void everyPictureIsAcknowledgedAlsoWhenNobodyPaints() {
        DesktopScene.Seat desktop = desktop("old-1");
        scene.watcher("frozen", "old-1");
        for (int i = 1; i <= 5; i++) {
            desktop.peer().text(picture(i * 10, i));
        }
        scene.pass(Duration.ofSeconds(3));
        List<Long> acknowledged = new ArrayList<>();
        for (JsonObject text : desktop.wire().texts) {
            if (text.get("type").getAsString().equals("frame_ack")) {
                acknowledged.add(text.get("frameNumber").getAsLong());
            }
        }
        assertThat(acknowledged).containsExactly(10L, 20L, 30L, 40L, 50L);
    }

    @Test
    void aPictureOfV2ReachesAViewerOfV1() {
        DesktopScene.Seat agent = scene.agent("new-1");
        DesktopScene.Seat viewer = scene.v1("web", "w-1");
        viewer.peer().text("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"web\"}}");
        viewer.peer().text("{\"type\":\"start_stream\",\"desktopClientId\":\"new-1\",\"monitorId\":0}");
        scene.settle();
        assertThat(viewer.wire().heard).containsExactly("connection_established", "handshake_ack", "stream_started");
        assertThat(agent.wire().last("start_capture").toString()).contains("\"renditions\":[1]");
        for (int i = 1; i <= 40; i++) {
            DesktopScene.frame(agent, i, Rendition.WHOLE, jpeg(i));
            scene.settle();
            JsonObject shown = viewer.wire().last("frame_data");
            assertThat(shown.get("desktopClientId").getAsString()).isEqualTo("new-1");
            assertThat(Base64.getDecoder().decode(shown.get("frameData").getAsString()))
                    .isEqualTo(jpeg(i));
            viewer.peer()
                    .text("{\"type\":\"frame_ack\",\"desktopClientId\":\"new-1\",\"frameNumber\":"
                            + shown.get("frameNumber").getAsLong() + ",\"latency\":12.5,\"timestamp\":1}");
            scene.settle();
        }
    }

    @Test
    void aPictureOfV1ReachesAViewerOfV1InTwoScreens() {
        DesktopScene.Seat desktop = desktop("old-1");
        DesktopScene.Seat viewer = scene.v1("web", "w-1");
        viewer.peer().text("{\"type\":\"start_stream\",\"desktopClientId\":\"old-1\",\"monitorId\":0}");
        viewer.peer().text("{\"type\":\"start_stream\",\"desktopClientId\":\"old-1\",\"monitorId\":2}");
        scene.settle();
        desktop.peer()
                .text(
                        "{\"type\":\"dual_screen_frame\",\"client_id\":\"old-1\",\"screen_id\":\"screen2\",\"image_data\":\""
                                + "data:image/jpeg;base64,"
                                + Base64.getEncoder().encodeToString(jpeg(8))
                                + "\",\"frame_number\":3,\"format\":\"jpeg\",\"width\":640,\"height\":480,\"timestamp\":1.5}");
        scene.settle();
        JsonObject shown = viewer.wire().last("frame_data");
        assertThat(shown.get("monitorId").getAsInt()).isEqualTo(2);
        assertThat(shown.get("width").getAsInt()).isEqualTo(640);
        assertThat(scene.desktops.list().get(0).monitors()).extracting("index").contains(2);
        viewer.peer().text("{\"type\":\"frame_ack\",\"desktopClientId\":\"old-1\",\"frameNumber\":1}");
        scene.settle();
        assertThat(desktop.wire().last("frame_ack").get("frameNumber").getAsLong())
                .isEqualTo(3);
    }

    @Test
    void aViewerIsToldTheDesktopsInEveryPong() {
        desktop("old-1");
        DesktopScene.Seat viewer = scene.v1("web", "w-1");
        viewer.peer().text("{\"type\":\"ping\",\"timestamp\":5}");
        JsonObject pong = viewer.wire().last("pong");
        assertThat(pong.get("timestamp").getAsLong()).isEqualTo(5);
        assertThat(pong.get("availableDesktopClients").getAsJsonArray()).hasSize(1);
        DesktopScene.Seat desktop = desktop("old-2");
        desktop.peer().text("{\"type\":\"ping\",\"timestamp\":6}");
        scene.settle();
        assertThat(desktop.wire().last("pong").has("availableDesktopClients")).isFalse();
    }

    @Test
    void aDesktopFetchesItsCommands() {
        DesktopScene.Seat desktop = desktop("old-1");
        List<String> told = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        scene.desktops.command("old-1", "stop_capture", new JsonObject(), status -> {
            told.add(status.status());
            ids.add(status.commandId());
        });
        scene.settle();
        String id = ids.iterator().next();
        assertThat(told).containsExactly("pending");
        desktop.peer().text("{\"type\":\"get_commands\"}");
        scene.settle();
        JsonObject command = desktop.wire()
                .last("commands")
                .get("commands")
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertThat(command.get("commandId").getAsString()).isEqualTo(id);
        desktop.peer().text("{\"type\":\"get_commands\"}");
        scene.settle();
        assertThat(desktop.wire().last("commands").get("commands").getAsJsonArray())
                .as("once")
                .isEmpty();
        desktop.peer().text("{\"type\":\"command_result\",\"command_id\":\"" + id + "\",\"success\":true}");
        scene.settle();
        assertThat(told).containsExactly("pending", "delivered", "completed");
    }

    @Test
    void aDesktopThatNeverPingsLivesByItsFramesAndPolls() {
        DesktopScene.Seat desktop = desktop("old-1");
        for (int i = 1; i <= 6; i++) {
            desktop.peer().text(i % 2 == 0 ? picture(i, i) : "{\"type\":\"get_commands\"}");
            scene.pass(Duration.ofSeconds(9));
            assertThat(desktop.peer().isOpen()).isTrue();
        }
        scene.pass(Duration.ofSeconds(16));
        assertThat(desktop.wire().heard).endsWith("closed 4408");
    }

    @Test
    void aPhoneBesideThemIsAPhone() {
        DesktopScene.Seat phone = scene.v1(null, null);
        phone.peer().text("{\"type\":\"ping\",\"ts\":7}");
        phone.peer()
                .text("{\"type\":\"start\",\"sessionId\":\"s-1\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1}");
        phone.peer().binary(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}), true);
        phone.peer().text("{\"type\":\"end\",\"sessionId\":\"s-1\",\"totalBytes\":3,\"chunks\":1}");
        scene.pass(Duration.ofSeconds(1));
        assertThat(phone.wire().heard).containsSequence("hello", "pong", "started");
        assertThat(phone.wire().heard).endsWith("saved");
    }

    @Test
    void nonsenseIsAnsweredAndSoonClosed() {
        DesktopScene.Seat desktop = desktop("old-1");
        desktop.peer().text("{\"type\":\"frame_data\",\"frameData\":\"%%%\",\"frameNumber\":1}");
        desktop.peer().text("{\"type\":\"frame_data\",\"frameData\":\"AAAA\",\"frameNumber\":1}");
        desktop.peer().text("{\"type\":\"start\"}");
        desktop.peer().text("[");
        scene.settle();
        assertThat(desktop.wire().heard)
                .endsWith("bad_field:frameData", "bad_field:frameData", "unknown_type:start", "bad_json");
        for (int i = 0; i < 25; i++) {
            desktop.peer().text("{}");
        }
        scene.settle();
        assertThat(desktop.wire().heard).endsWith("closed 1008");
    }
}
