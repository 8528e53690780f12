package io.quickdrop.relay.driver.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.UpdateConfig;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's pictures and what it is told to do. */
class DesktopAgentStreamTest extends AgentWorld {
    @Test
    void aLostAckNeverStopsTheStream() {
        server.acknowledges = false;
        startCapturing();
        for (int i = 0; i < 12; i++) {
            int before = server.frames.size();
            run(5.5);
            assertThat(server.frames.size()).isGreaterThan(before); // slowly, since nothing proves that they arrive
        }
        assertThat(server.connectedAtMillis).hasSize(1);
        int slow = server.frames.size();
        server.acknowledges = true;
        run(60);
        assertThat(server.frames.size() - slow).isGreaterThan(400);
    }

    @Test
    void aNewEpochClearsTheWindow() {
        server.acknowledges = false;
        startCapturing();
        run(1);
        assertThat(agent().turn(0, 0)).isEmpty(); // full
        server.hangUp(1006, "cut");
        run(1);
        server.startCapture(1, 0);
        run(0.02);
        assertThat(agent().turn(1, 0)).isPresent();
    }

    @Test
    void aTurnOfARegistrationThatIsGoneGoesNowhere() {
        start();
        run(0.1);
        server.startCapture(0, 1);
        run(0.1);
        Turn old = agent().turn(0, 1).orElseThrow();
        server.hangUp(1006, "cut");
        run(1);
        server.startCapture(0, 1);
        run(0.1);
        assertThat(old.send(DrawnDesktop.picture(0, 10))).isFalse();
        run(0.1);
        assertThat(server.frames).isEmpty();
    }

    @Test
    void aTurnOfAStreamThatNobodyWantsAnyMoreGoesNowhere() {
        startWhole();
        Turn turn = agent().turn(0, 1).orElseThrow();
        server.startCapture(0, 2);
        run(0.1);
        assertThat(turn.send(DrawnDesktop.picture(0, 10))).isFalse();
        assertThat(agent().turn(0, 1)).isEmpty();
    }

    @Test
    void theFirstFrameIsWholeAndNothingChangedDoesNotMakeUpForIt() {
        startWhole();
        Turn first = agent().turn(0, 1).orElseThrow();
        assertThat(first.whole()).isTrue();
        first.nothingChanged();
        Turn second = agent().turn(0, 1).orElseThrow();
        assertThat(second.whole()).isTrue();
        assertThat(second.send(DrawnDesktop.picture(0, 10))).isTrue();
        assertThat(agent().turn(0, 1).orElseThrow().whole()).isFalse();
        run(0.1);
        assertThat(server.frames.get(0).header().has(FrameHeader.FLAG_KEY)).isTrue();
    }

    @Test
    void aKeyFrameThatIsAskedForMakesTheNextOneWhole() {
        startWhole();
        agent().turn(0, 1).orElseThrow().send(DrawnDesktop.picture(0, 10));
        server.tell(new RequestKeyframe(0, 1));
        run(0.1);
        assertThat(agent().turn(0, 1).orElseThrow().whole()).isTrue();
    }

    @Test
    void aStreamThatComesBackBeginsWhole() {
        startWhole();
        agent().turn(0, 1).orElseThrow().send(DrawnDesktop.picture(0, 10));
        server.startCapture(0, 2);
        server.startCapture(0, 1, 2);
        run(0.1);
        assertThat(agent().turn(0, 1).orElseThrow().whole()).isTrue();
    }

    @Test
    void aTurnIsUsedOnce() {
        startWhole();
        Turn turn = agent().turn(0, 1).orElseThrow();
        turn.nothingChanged();
        assertThatIllegalStateException().isThrownBy(turn::nothingChanged);
        assertThatIllegalStateException().isThrownBy(() -> turn.send(DrawnDesktop.picture(0, 1)));
    }

    @Test
    void aFrameIsCutIntoMessagesOfOneCodecAndNoTileIsSplit() {
        start();
        run(0.1);
        server.startCapture(0, 0);
        List<Tile> large = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            large.add(new Tile(64 * i, 0, 64, 64, ByteBuffer.allocate(400_000)));
        }
        Tile flat = new Tile(0, 64, 64, 64, ByteBuffer.allocate(100));
        Capture capture = new Capture(
                5,
                6,
                1920,
                1080,
                true,
                List.of(
                        new Capture.Batch(PictureCodec.JPEG, 75, large),
                        new Capture.Batch(PictureCodec.PNG, 100, List.of(flat))));
        desktop.frameBytes = 0;
        run(0.2);
        server.frames.clear();
        agent().turn(0, 0).orElseThrow().send(capture);
        run(0.1);

        List<Frame> parts = server.frames;
        assertThat(parts).extracting(part -> part.tiles().size()).containsExactly(2, 2, 1, 1);
        assertThat(parts).extracting(part -> part.header().codec().code()).containsExactly(1, 1, 1, 3);
        assertThat(parts).extracting(part -> part.header().quality()).containsExactly(75, 75, 75, 100);
        assertThat(parts)
                .extracting(part -> part.header().has(FrameHeader.FLAG_LAST_PART))
                .containsExactly(false, false, false, true);
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.wireBytes()).isLessThanOrEqualTo(Limits.MAX_BINARY_BYTES);
            assertThat(part.header().frameNumber())
                    .isEqualTo(parts.get(0).header().frameNumber());
            assertThat(part.header().desktopHandle()).isEqualTo(77);
            assertThat(part.header().captureMicros()).isEqualTo(5);
            assertThat(part.header().has(FrameHeader.FLAG_TILES | FrameHeader.FLAG_HIDDEN_CURSOR))
                    .isTrue();
        });
    }

    @Test
    void whatDoesNotFitTheWireIsRefusedWhereItIsMade() {
        startWhole();
        Tile one = new Tile(0, 0, 1, 1, ByteBuffer.allocate(1));
        Tile huge = new Tile(0, 0, 1, 1, ByteBuffer.allocate(Capture.MAX_TILE_BYTES + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Capture.Batch(PictureCodec.JPEG, 75, List.of(huge)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Capture.Batch(PictureCodec.JPEG, 75, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Capture(0, 0, 1, 70_000, false, List.of()));
        Capture two =
                new Capture(0, 0, 9, 9, false, List.of(new Capture.Batch(PictureCodec.JPEG, 75, List.of(one, one))));
        Turn turn = agent().turn(0, 1).orElseThrow();
        assertThatIllegalArgumentException().isThrownBy(() -> turn.send(two));
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 100, 1000})
    void theSocketNeverHoldsMoreThanItsBoundAndOneFrame(double bytesAMilli) {
        server.width = bytesAMilli;
        desktop.frameBytes = 150_000;
        startCapturing();
        run(60);
        assertThat(server.mostPending).isLessThan((256 << 10) + 150_000 + 5_000);
        assertThat(server.frames.size()).isGreaterThan((int) (60_000 * bytesAMilli / 150_000 / 2));
    }

    @Test
    void whatIsSkippedIsCountedOncePerFrameHoweverOftenOneAsks() {
        server.acknowledges = false;
        startCapturing();
        run(2);
        AgentStatus before = lastStatus();
        for (int i = 0; i < 1000; i++) {
            run(0.001);
            agent().turn(0, 0).ifPresent(Turn::nothingChanged);
        }
        assertThat(lastStatus().skipped() - before.skipped()).isBetween(1L, 30L);
    }

    @Test
    void theServersTargetSlowsIt() {
        desktop.frameBytes = 60_000;
        startCapturing();
        run(20);
        assertThat(lastStatus().kbps()).isGreaterThan(8_000);
        for (int i = 0; i < 10; i++) {
            server.tell(new ViewerReport(2, 2, new Governing(0, 1500), List.of()));
            run(0.5);
        }
        assertThat(lastStatus().kbps()).isLessThan(2_200);
    }

    @Test
    void theOperatorsBoundsHold() {
        startCapturing();
        server.tell(new UpdateConfig(3, 60));
        run(3);
        assertThat(agent().pace().fps()).isEqualTo(3);
        assertThat(agent().pace().quality()).isEqualTo(60);
        server.tell(command("c1", 1, "config", "maxFps", 5));
        run(3);
        assertThat(agent().pace().fps()).isEqualTo(5);
        assertThat(results()).containsExactly("c1 completed");
    }

    @Test
    void aDesktopThatTheOperatorPausedStaysPausedOverConnections() {
        startCapturing();
        server.tell(command("c1", 1, "stop_capture", "", 0));
        run(0.1);
        assertThat(desktop.plan().streams()).isEmpty();
        assertThat(desktop.view().detail()).contains("paused");
        server.hangUp(1006, "cut");
        run(1);
        server.startCapture(0, 0);
        run(1);
        assertThat(desktop.plan().streams()).isEmpty();
        server.tell(command("c2", 1, "start_capture", "", 0));
        run(0.1);
        assertThat(desktop.plan().streams()).isNotEmpty();
        assertThat(results()).containsExactly("c1 completed", "c2 completed");
    }

    @Test
    void aCommandIsObeyedOnceAndAStaleOneNever() {
        start();
        run(0.1);
        server.tell(command("c1", 5, "screenshot", "screen", 0));
        server.tell(command("c1", 5, "screenshot", "screen", 0));
        server.tell(command("c2", 5, "screenshot", "screen", 0));
        server.tell(command("c3", 4, "stop_capture", "", 0));
        server.tell(command("c4", 6, "screenshot", "screen", 7));
        server.tell(command("c5", 7, "reboot", "", 0));
        server.tell(command("c6", 8, "config", "maxFps", 0));
        run(0.1);
        assertThat(desktop.screenshots).hasSize(1);
        assertThat(results())
                .containsExactlyInAnyOrder("c2 failed", "c3 failed", "c4 failed", "c5 failed", "c6 failed");
    }

    @Test
    void aScreenshotArrivesInPartsBetweenThePictures() {
        server.width = 1000; // a megabyte a second
        startCapturing();
        run(1);
        byte[] file = new byte[1_000_000];
        new Random(1).nextBytes(file);
        server.tell(command("shot", 9, "screenshot", "screen", 1));
        run(0.1);
        server.frames.clear();
        server.mostPending = 0;
        desktop.screenshots.get(0).taken(640, 480, ByteBuffer.wrap(file));
        run(3);

        List<Frame> parts = server.frames.stream()
                .filter(frame -> frame.header().rendition() == Rendition.SCREENSHOT)
                .toList();
        ByteBuffer whole = ByteBuffer.allocate(file.length);
        parts.forEach(part -> whole.put(part.tiles().get(0).bytes().duplicate()));
        assertThat(whole.array()).isEqualTo(file);
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.header().refFrame()).isEqualTo(9);
            assertThat(part.header().screen()).isEqualTo(1);
            assertThat(part.header().width()).isEqualTo(640);
        });
        FrameHeader last = parts.get(parts.size() - 1).header();
        assertThat(last.has(FrameHeader.FLAG_LAST_PART)).isTrue();
        assertThat(server.mostPending).isLessThan(200_000); // a part or two, and a picture
        int pictures = server.frames.size() - parts.size();
        assertThat(pictures).isGreaterThan(8);
        CommandResult result = server.said(CommandResult.class).get(0);
        assertThat(result.status()).isEqualTo("completed");
        assertThat(String.valueOf(result.result()))
                .isEqualTo("{\"screen\":1,\"width\":640,\"height\":480,\"bytes\":1000000}");
    }

    @Test
    void aScreenshotThatFailsOrIsTooLargeIsTold() {
        start();
        run(0.1);
        server.tell(command("a", 1, "screenshot", "screen", 0));
        server.tell(command("b", 2, "screenshot", "screen", 0));
        run(0.1);
        desktop.screenshots.get(0).failed("no permission");
        desktop.screenshots.get(0).taken(1, 1, ByteBuffer.allocate(1)); // the first call counts
        desktop.screenshots.get(1).taken(1, 1, ByteBuffer.allocate(ScreenshotReply.MAX_BYTES + 1));
        run(0.1);
        assertThat(server.frames).isEmpty();
        assertThat(server.said(CommandResult.class).get(0).error()).isEqualTo("no permission");
        assertThat(server.said(CommandResult.class).get(1).error()).contains("allowed");
    }

    @Test
    void aScreenshotForAConnectionThatIsGoneIsForgotten() {
        start();
        run(0.1);
        server.tell(command("a", 1, "screenshot", "screen", 0));
        run(0.1);
        server.hangUp(1006, "cut");
        run(1);
        desktop.screenshots.get(0).taken(1, 1, ByteBuffer.allocate(10));
        run(1);
        assertThat(server.frames).isEmpty();
        assertThat(server.said(CommandResult.class)).isEmpty();
    }

    @Test
    void onlySomeScreenshotsAreUnderWayAtOnce() {
        start();
        run(0.1);
        for (int i = 1; i <= 6; i++) {
            server.tell(command("s" + i, i, "screenshot", "screen", 0));
        }
        run(0.1);
        assertThat(desktop.screenshots).hasSize(4);
        assertThat(results()).containsExactly("s5 failed", "s6 failed");
        desktop.screenshots.get(0).failed("x");
        server.tell(command("s7", 7, "screenshot", "screen", 0));
        run(0.1);
        assertThat(desktop.screenshots).hasSize(5);
    }

    @Test
    void everyScreenIsAStreamOfItsOwn() {
        startCapturing();
        server.tell(new StartCapture(
                List.of(new ScreenWish(0, List.of(0)), new ScreenWish(1, List.of(0)), new ScreenWish(9, List.of(0))),
                30,
                75,
                "h264"));
        server.frames.clear();
        run(2);
        assertThat(desktop.plan().streams()).hasSize(2); // there is no screen 9
        assertThat(desktop.plan().codec()).isEqualTo(PictureCodec.JPEG); // the only one known that stands alone
        assertThat(desktop.plan().wants(1, 0)).isTrue();
        List<Long> numbers = server.frames.stream()
                .filter(frame -> frame.header().screen() == 1)
                .map(frame -> frame.header().frameNumber())
                .toList();
        assertThat(numbers).startsWith(1L, 2L, 3L);
        assertThat(CapturePlan.NOTHING.wants(0, 0)).isFalse();
    }

    private void startWhole() {
        start();
        run(0.1);
        server.startCapture(0, 1);
        run(0.1);
    }

    private static Command command(String id, long fence, String type, String name, int value) {
        JsonObject data = new JsonObject();
        if (!name.isEmpty()) {
            data.addProperty(name, value);
        }
        return new Command(id, fence, type, data);
    }

    private List<String> results() {
        return server.said(CommandResult.class).stream()
                .map(result -> result.commandId() + " " + result.status())
                .toList();
    }

    private AgentStatus lastStatus() {
        List<AgentStatus> all = server.said(AgentStatus.class);
        return all.get(all.size() - 1);
    }
}
