package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.StopCapture;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What goes between desktops of v2 and those who look at them. */
class DesktopStreamingTest {
    private final DesktopScene scene = new DesktopScene();

    @Test
    void aPictureGoesFromTheAgentToWhoLooksAndIsAcknowledged() {
        DesktopScene.Seat agent = scene.agent("a");
        assertThat(agent.wire().heard).as("nobody looks").doesNotContain("start_capture");
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        assertThat(viewer.wire().heard).containsExactly("hello", "stream_started");
        assertThat(agent.wire().heard).endsWith("start_capture");
        DesktopScene.frame(agent, 1, Rendition.TILES, (byte) 42);
        scene.settle();
        assertThat(DesktopScene.shown(viewer)).containsExactly(42);
        FrameHeader header = viewer.wire().frames.get(0).header();
        assertThat(header.desktopHandle())
                .isEqualTo(viewer.wire()
                        .last("stream_started")
                        .get("desktopHandle")
                        .getAsLong());
        assertThat(agent.wire().last("frame_ack").get("hop").getAsString()).isEqualTo("relay");
        scene.pass(Duration.ofSeconds(1));
        assertThat(agent.wire()
                        .last("viewer_report")
                        .get("watchers")
                        .getAsJsonArray()
                        .get(0)
                        .getAsString())
                .isEqualTo("ada");
    }

    @Test
    void aViewerSaysWhoItIsAndIsKeptInformedOfWhatDesktopsThereAre() {
        DesktopScene.Seat viewer = scene.viewer("ada");
        viewer.say(new Handshake(
                new ClientInfo(ClientInfo.WEB, "w-1", null, null, List.of(), List.of("jpeg"), List.of()),
                null,
                null,
                null));
        viewer.say(new ViewerMessage.GetDesktopClients());
        scene.settle();
        assertThat(viewer.wire().heard).containsExactly("hello", "handshake_ack", "desktop_clients_list");
        assertThat(viewer.wire().last("handshake_ack").get("epoch").getAsLong()).isZero();
        assertThat(viewer.wire().last("handshake_ack").get("dbRegistered").getAsBoolean())
                .isFalse();
        scene.agent("a");
        assertThat(viewer.wire().last("desktop_clients_list").get("clients").getAsJsonArray())
                .hasSize(1);
        scene.agent("b").peer().closed();
        scene.pass(Duration.ofSeconds(1));
        assertThat(viewer.wire().last("desktop_clients_list").get("clients").getAsJsonArray())
                .hasSize(2);
    }

    @Test
    void listsThatNobodyAskedForComeAtMostTwiceASecond() {
        DesktopScene.Seat viewer = scene.viewer("ada");
        viewer.say(new ViewerMessage.GetDesktopClients());
        scene.settle();
        for (int i = 0; i < 100; i++) {
            scene.agent("a"); // 20 ms each
        }
        assertThat(viewer.wire().count("desktop_clients_list")).isBetween(4L, 6L);
        assertThat(scene.log.stream().filter("changed a"::equals).count()).isLessThanOrEqualTo(3);
    }

    @Test
    void oneViewersStopNeverStopsAnothersPicture() {
        DesktopScene.Seat agent = scene.agent("a");
        DesktopScene.Seat ada = scene.watcher("ada", "a");
        DesktopScene.Seat ben = scene.watcher("ben", "a");
        DesktopScene.frame(agent, 1, Rendition.TILES, (byte) 1);
        scene.settle();
        DesktopScene.paint(ben, "a");
        ada.say(new ViewerMessage.StopStream("a", null, null));
        scene.settle();
        assertThat(ada.wire().heard).endsWith("stream_stopped");
        DesktopScene.frame(agent, 2, Rendition.TILES, (byte) 2);
        scene.settle();
        assertThat(DesktopScene.shown(ben)).containsExactly(2);
        assertThat(DesktopScene.shown(ada)).containsExactly(1);
        assertThat(agent.wire().heard).doesNotContain("stop_capture");
        ben.peer().closed();
        scene.pass(Duration.ofSeconds(5));
        assertThat(agent.wire().heard).contains("stop_capture");
    }

    @Test
    void aViewerThatNeverPaintsLeavesAnotherAlone() {
        DesktopScene.Seat agent = scene.agent("a");
        DesktopScene.Seat frozen = scene.watcher("frozen", "a");
        DesktopScene.Seat ada = scene.watcher("ada", "a");
        for (int i = 1; i <= 100; i++) {
            DesktopScene.frame(agent, i, Rendition.TILES, (byte) i);
            scene.settle();
            DesktopScene.paint(ada, "a");
            frozen.peer().alive();
            scene.settle();
            assertThat(DesktopScene.shown(ada)).containsExactly(i);
        }
        assertThat(frozen.wire().frames).hasSizeLessThan(15);
    }

    @Test
    void aFrameInSeveralPartsIsPutTogether() {
        DesktopScene.Seat agent = scene.agent("a");
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        byte[] picture = new byte[200_000];
        new SplittableRandom(1).nextBytes(picture);
        byte[] message = DesktopScene.bytes(
                DesktopScene.frame(1, 1, Rendition.TILES, picture).encode());
        for (int at = 0; at < message.length; at += 65_536) {
            int end = Math.min(message.length, at + 65_536);
            agent.peer().binary(ByteBuffer.wrap(message, at, end - at), end == message.length);
        }
        scene.pass(Duration.ofSeconds(1));
        assertThat(DesktopScene.shown(viewer)).isEqualTo(picture);
        for (int i = 0; i < 17; i++) {
            agent.peer().binary(ByteBuffer.allocate(65_536), false);
        }
        assertThat(agent.wire().heard).endsWith("closed 1009");
    }

    @Test
    void garbageIsAnsweredAndNeverThrows() {
        DesktopScene.Seat agent = scene.agent("a");
        SplittableRandom random = new SplittableRandom(7);
        byte[] good = DesktopScene.bytes(
                DesktopScene.frame(1, 1, Rendition.TILES, new byte[100]).encode());
        int answered = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            for (int j = random.nextInt(1, 6); j > 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            agent.peer().binary(ByteBuffer.wrap(bad, 0, random.nextInt(bad.length + 1)), true);
            scene.pass(Duration.ofMillis(1));
            if (!agent.peer().isOpen()) {
                answered++;
                agent = scene.agent("a");
            }
        }
        assertThat(answered).as("closed for nonsense, and back").isPositive();
        assertThat(agent.wire().heard).contains("handshake_ack");
    }

    @Test
    void anAgentWhoseFramesPileUpIsReadNoFurther() {
        DesktopScene.Seat agent = scene.agent("a");
        for (int i = 1; i <= 8; i++) {
            DesktopScene.frame(agent, i, Rendition.TILES, new byte[1_000_000]); // nothing runs meanwhile
        }
        assertThat(agent.wire().paused).isTrue();
        scene.settle();
        assertThat(agent.wire().paused).isFalse();
    }

    @Test
    void whoMayNotWatchIsForbiddenTo() {
        scene.agent("a");
        DesktopScene.Seat phone = scene.viewer("phone", false);
        phone.say(new ViewerMessage.GetDesktopClients());
        phone.say(new ViewerMessage.StartStream("a", null, null));
        scene.settle();
        assertThat(phone.wire().heard).containsExactly("hello", "forbidden", "forbidden");
    }

    @Test
    void aViewerThatAcknowledgesManyScreensIsNotTooFast() {
        scene.agent("a");
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        for (int i = 0; i < 30 * 20 * 10; i++) { // ten seconds of 20 a second on 30 screens
            viewer.say(new PaintedAck("a", 0, 0, 1, 0, 0, 0, 0, false));
            if (i % 30 == 29) {
                scene.pass(Duration.ofMillis(50));
            }
        }
        assertThat(viewer.peer().isOpen()).isTrue();
        for (int i = 0; i < 3_000; i++) {
            viewer.say(new PaintedAck("a", 0, 0, 1, 0, 0, 0, 0, false));
        }
        assertThat(viewer.wire().heard).endsWith("closed 4429");
    }

    @Test
    void aDesktopThatComesBackIsShownAgainByItself() {
        DesktopScene.Seat agent = scene.agent("a");
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        agent.peer().closed();
        scene.settle();
        assertThat(viewer.wire().last("stream_stopped").get("reason").getAsString())
                .isEqualTo("desktop_gone");
        DesktopScene.Seat back = scene.agent("a");
        assertThat(viewer.wire().last("stream_started").get("epoch").getAsLong())
                .isEqualTo(2);
        DesktopScene.frame(back, 1, Rendition.TILES, (byte) 9);
        scene.settle();
        assertThat(DesktopScene.shown(viewer)).containsExactly(9);
    }

    @Test
    void onlyAgentsSpeakAsAgents() {
        DesktopScene.Seat agent = scene.agent("a");
        agent.say(new ViewerMessage.GetDesktopClients());
        agent.say(new StopCapture());
        scene.settle();
        assertThat(agent.wire().heard).endsWith("unknown_type:get_desktop_clients", "unknown_type:stop_capture");
        DesktopScene.Seat viewer = scene.viewer("ada");
        viewer.say(new CommandResult("x", "completed", null, null));
        viewer.say(new ViewerMessage.DesktopClientsList(List.of()));
        scene.settle();
        assertThat(viewer.wire().heard).endsWith("unknown_type:command_result", "unknown_type:desktop_clients_list");
    }

    // ---- commands

    private static JsonObject screen(int screen) {
        JsonObject data = new JsonObject();
        data.addProperty("screen", screen);
        return data;
    }

    private static void part(DesktopScene.Seat agent, long fence, boolean last, byte... bytes) {
        FrameHeader header = new FrameHeader(
                PictureCodec.PNG,
                last ? FrameHeader.FLAG_LAST_PART : 0,
                0,
                DesktopScene.epoch(agent),
                1,
                fence,
                0,
                0,
                640,
                480,
                Rendition.SCREENSHOT,
                100,
                0,
                1);
        Frame frame = new Frame(header, List.of(new Tile(0, 0, 640, 480, ByteBuffer.wrap(bytes))));
        agent.peer().binary(frame.encode(), true);
    }

    @Test
    void aScreenshotIsTakenOnceAndFetched() {
        DesktopScene.Seat agent = scene.agent("a");
        DesktopScene.Seat viewer = scene.viewer("ada");
        viewer.say(new DesktopCommand("a", "screenshot", screen(0), "k-1"));
        scene.settle();
        assertThat(viewer.wire().texts.stream()
                        .filter(text -> text.has("status"))
                        .map(text -> text.get("status").getAsString()))
                .containsExactly("pending", "delivered");
        JsonObject command = agent.wire().last("command");
        assertThat(command.get("commandData").getAsJsonObject()).isEqualTo(screen(0));
        long fence = command.get("fence").getAsLong();
        String id = command.get("commandId").getAsString();
        part(agent, fence, false, (byte) 1, (byte) 2);
        part(agent, fence, true, (byte) 3);
        agent.say(new CommandResult(id, "completed", new JsonObject(), null));
        scene.settle();
        JsonObject status = viewer.wire().last("command_status");
        assertThat(status.get("status").getAsString()).isEqualTo("completed");
        assertThat(status.get("idempotencyKey").getAsString()).isEqualTo("k-1");
        JsonObject result = status.get("result").getAsJsonObject();
        assertThat(result.get("bytes").getAsLong()).isEqualTo(3);
        assertThat(result.get("url").getAsString()).isEqualTo("/api/desktops/a/screenshots/" + id);
        Screenshot file = scene.desktops.screenshot("a", id).orElseThrow();
        assertThat(file.mime()).isEqualTo("image/png");
        assertThat(file.parts().stream().map(DesktopScene::bytes)).containsExactly(new byte[] {1, 2}, new byte[] {3});
        assertThat(scene.desktops.screenshot("b", id)).isEmpty();
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.desktops.screenshot("a", id)).isEmpty();
    }

    @Test
    void aScreenshotThatIsNotWholeOrTooLongFails() {
        DesktopScene.Seat agent = scene.agent("a");
        List<CommandStatus> told = new ArrayList<>();
        for (int megabytes : new int[] {1, 33}) {
            scene.desktops.command("a", "screenshot", screen(0), told::add);
            scene.settle();
            JsonObject command = agent.wire().last("command");
            for (int i = 0; i < megabytes; i++) {
                part(agent, command.get("fence").getAsLong(), megabytes > 1 && i == megabytes - 1, new byte[1_040_000]);
                scene.settle();
            }
            agent.say(new CommandResult(command.get("commandId").getAsString(), "completed", null, null));
            scene.settle();
            assertThat(told).last().satisfies(status -> {
                assertThat(status.status()).isEqualTo("failed");
                assertThat(status.error()).contains("did not come whole");
            });
        }
    }

    @Test
    void aCommandThatIsNotAnsweredFailsAMinutePastItsExpiry() {
        DesktopScene.Seat agent = scene.agent("a");
        List<String> told = new ArrayList<>();
        scene.desktops.command("a", "stop_capture", new JsonObject(), status -> told.add(status.status()));
        for (int i = 0; i < 17; i++) {
            agent.peer().alive();
            scene.pass(Duration.ofSeconds(5));
        }
        assertThat(told).containsExactly("pending", "delivered");
        for (int i = 0; i < 2; i++) {
            agent.peer().alive();
            scene.pass(Duration.ofSeconds(5));
        }
        agent.say(new CommandResult(
                agent.wire().last("command").get("commandId").getAsString(), "completed", null, null));
        scene.settle();
        assertThat(told).containsExactly("pending", "delivered", "failed");
    }

    @Test
    void aCommandForNobodyIsRefused() {
        DesktopScene.Seat viewer = scene.viewer("ada");
        viewer.say(new DesktopCommand("nobody", "screenshot", screen(0), null));
        scene.settle();
        assertThat(viewer.wire().heard).containsExactly("hello", "desktop_unknown");
        List<String> told = new ArrayList<>();
        scene.desktops.command("nobody", "screenshot", screen(0), status -> told.add(status.status()));
        scene.settle();
        assertThat(told).containsExactly("failed");
    }

    @Test
    void anAgentIsToldGoodbye() {
        DesktopScene.Seat agent = scene.agent("a");
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        scene.relay.goodbye(Duration.ofSeconds(2));
        assertThat(agent.wire().heard).endsWith("goodbye", "closed 1001");
        assertThat(viewer.wire().heard).endsWith("goodbye", "closed 1001");
        scene.settle();
        viewer.say(new LinkMessage.Ping(1L, null));
        assertThat(viewer.wire().heard).endsWith("closed 1001");
    }
}
