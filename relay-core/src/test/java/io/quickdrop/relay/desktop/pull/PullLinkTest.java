package io.quickdrop.relay.desktop.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.StopCapture;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StopStream;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a pull connects, what it asks for and what it believes. */
class PullLinkTest {
    private final PullLink link = new PullLink("desk", PullConfig.defaults());
    private Instant now = Instant.ofEpochSecond(100);

    @Test
    void nothingIsConnectedWhileNobodyLooks() {
        assertThat(give(new PullInput.IsAt("a", 3))).containsExactly(new PullOutput.Came(3));
        assertThat(link.deadline()).isEmpty();
    }

    @Test
    void theFirstWhoLooksConnectsAndWhatIsWantedIsAskedForWhenItIsOpen() {
        give(new PullInput.IsAt("a", 3));
        assertThat(look(0)).containsExactly(new PullOutput.Connect(1, "a"));
        assertThat(look(0, 2)).as("it is being connected").isEmpty();
        assertThat(give(new PullInput.Opened(1))).containsExactly(start(1, 0), start(1, 2));
        assertThat(look(0)).containsExactly(new PullOutput.Send(1, new StopStream("desk", 0, 2)));
    }

    @Test
    void onlyPicturesOfWhatWasBegunUnderTheNewestEpochOnThePresentConnectionAreDelivered() {
        open();
        assertThat(picture(1, 3, 1)).as("nothing was begun").isEmpty();
        give(new PullInput.Said(1, started(3)));
        assertThat(picture(1, 3, 1))
                .hasOnlyElementsOfType(PullOutput.Deliver.class)
                .hasSize(1);
        assertThat(picture(1, 2, 2)).as("of an older registration").isEmpty();
        assertThat(picture(7, 3, 2)).as("of another connection").isEmpty();
        give(new PullInput.RoomSaid(new StopCapture()));
        assertThat(picture(1, 3, 2)).as("not asked for any more").isEmpty();
    }

    @Test
    void whatTheRoomHasIsAcknowledgedAsPaintedAndTheNewestStandsForAll() {
        open();
        give(new PullInput.Said(1, started(3)));
        assertThat(give(new PullInput.RoomSaid(ack(1)))).containsExactly(painted(1));
        assertThat(give(new PullInput.RoomSaid(ack(2)))).as("too soon").isEmpty();
        assertThat(give(new PullInput.RoomSaid(ack(3)))).isEmpty();
        now = link.deadline().orElseThrow();
        assertThat(give(new PullInput.Tick())).containsExactly(painted(3));
    }

    @Test
    void whoWatchesHereAndHolesInThePictureAreToldThere() {
        open();
        ViewerReport report = new ViewerReport(2, 1, null, List.of("ada", "ben"));
        assertThat(give(new PullInput.RoomSaid(report))).containsExactly(new PullOutput.Send(1, report));
        RequestKeyframe holes = new RequestKeyframe(0, 0);
        assertThat(give(new PullInput.RoomSaid(holes))).as("nothing was begun").isEmpty();
        give(new PullInput.Said(1, started(3)));
        assertThat(give(new PullInput.RoomSaid(holes))).containsExactly(new PullOutput.Send(1, holes));
        give(new PullInput.Closed(1, 0));
        now = link.deadline().orElseThrow();
        give(new PullInput.Tick());
        assertThat(give(new PullInput.Opened(2)))
                .as("the report is about what was asked for before it")
                .containsExactly(start(2, 0), new PullOutput.Send(2, report));
    }

    @Test
    void aConnectionThatOpensTooLateIsClosedAndChangesNothing() {
        give(new PullInput.IsAt("a", 3));
        look(0);
        pass(Duration.ofSeconds(4));
        List<PullOutput> orders = give(new PullInput.Tick());
        assertThat(orders).contains(new PullOutput.Away(StreamStopped.ORIGIN_UNREACHABLE));
        assertThat(orders.get(0)).isInstanceOf(PullOutput.Disconnect.class);
        now = link.deadline().orElseThrow();
        assertThat(give(new PullInput.Tick())).containsExactly(new PullOutput.Connect(2, "a"));
        give(new PullInput.Opened(2));
        assertThat(give(new PullInput.Opened(1))).containsExactly(new PullOutput.Disconnect(1, "too late"));
        assertThat(give(new PullInput.Closed(1, 0)))
                .as("the end of another connection")
                .isEmpty();
    }

    @Test
    void itIsClosedSomeTimeAfterTheLastHasLeftAndWhoComesBackBeforeFindsItOpen() {
        open();
        give(new PullInput.RoomSaid(new StopCapture()));
        pass(Duration.ofMillis(4_900));
        assertThat(look(0)).containsExactly(start(1, 0));
        give(new PullInput.RoomSaid(new StopCapture()));
        pass(Duration.ofSeconds(5));
        assertThat(link.deadline()).contains(now);
        assertThat(give(new PullInput.Tick())).containsExactly(new PullOutput.Disconnect(1, "nobody looks any more"));
        assertThat(link.deadline()).isEmpty();
    }

    @Test
    void whoIsHiddenKeepsTheConnectionAndAsksForNothing() {
        open();
        give(new PullInput.RoomSaid(new ViewerReport(1, 0, null, List.of("ada"))));
        assertThat(give(new PullInput.RoomSaid(new StopCapture())))
                .containsExactly(new PullOutput.Send(1, new StopStream("desk", 0, 0)));
        pass(Duration.ofMinutes(1));
        assertThat(give(new PullInput.Tick())).isEmpty();
    }

    @Test
    void aLostConnectionIsToldAndTriedAgainAndItsReturnIsToldWhenTheStreamBegins() {
        open();
        give(new PullInput.Said(1, started(3)));
        assertThat(give(new PullInput.Closed(1, 0)))
                .containsExactly(new PullOutput.Away(StreamStopped.ORIGIN_UNREACHABLE));
        now = link.deadline().orElseThrow();
        assertThat(give(new PullInput.Tick())).containsExactly(new PullOutput.Connect(2, "a"));
        assertThat(give(new PullInput.Opened(2)))
                .as("an open connection proves nothing")
                .containsExactly(start(2, 0));
        assertThat(give(new PullInput.Said(2, started(3)))).containsExactly(new PullOutput.Back());
    }

    @Test
    void aDesktopThatMovedIsFollowedAndTheOldConnectionClosedFirst() {
        open();
        assertThat(give(new PullInput.IsAt("b", 4)))
                .containsExactly(
                        new PullOutput.Disconnect(1, "the desktop is connected to another instance"),
                        new PullOutput.Came(4),
                        new PullOutput.Connect(2, "b"));
        assertThat(give(new PullInput.IsAt("a", 3)))
                .as("an older word of the store")
                .isEmpty();
        assertThat(link.origin()).contains("b");
    }

    @Test
    void aRegistrationThatTheOtherInstanceKnowsBeforeTheStoreToldItCounts() {
        open();
        assertThat(give(new PullInput.Said(1, started(5)))).containsExactly(new PullOutput.Came(5));
        assertThat(give(new PullInput.IsAt("a", 4))).isEmpty();
        assertThat(give(new PullInput.IsAt("a", 5))).isEmpty();
        assertThat(picture(1, 5, 1)).hasSize(1);
        assertThat(picture(1, 3, 9)).isEmpty();
    }

    @Test
    void anInstanceThatLagsBehindTheStoreIsNotBelieved() {
        open();
        give(new PullInput.IsAt("a", 6));
        assertThat(give(new PullInput.Said(1, started(3)))).isEmpty();
        assertThat(picture(1, 3, 1)).isEmpty();
    }

    @Test
    void whatIsRefusedIsAskedForAgainLater() {
        open();
        assertThat(give(new PullInput.Said(1, LinkMessage.Problem.of(ErrorReason.DESKTOP_OFFLINE, "not yet"))))
                .containsExactly(new PullOutput.Away(StreamStopped.DESKTOP_GONE));
        now = link.deadline().orElseThrow();
        assertThat(give(new PullInput.Tick())).containsExactly(start(1, 0));
        assertThat(give(new PullInput.Said(1, started(3)))).containsExactly(new PullOutput.Back());
        assertThat(link.deadline()).isEmpty();
    }

    @Test
    void aStreamThatEndedThereIsAskedForAgain() {
        open();
        give(new PullInput.Said(1, started(3)));
        assertThat(give(new PullInput.Said(1, new StreamStopped("desk", 0, 0, StreamStopped.DESKTOP_GONE))))
                .containsExactly(new PullOutput.Away(StreamStopped.DESKTOP_GONE));
        now = link.deadline().orElseThrow();
        assertThat(give(new PullInput.Tick())).containsExactly(start(1, 0));
    }

    @Test
    void aDesktopThatIsNowhereEndsItAndMayComeBackUnderTheSameEpoch() {
        open();
        assertThat(give(new PullInput.IsNowhere()))
                .containsExactly(
                        new PullOutput.Disconnect(1, "the desktop is not connected there any more"),
                        new PullOutput.Left());
        assertThat(give(new PullInput.IsNowhere())).isEmpty();
        assertThat(give(new PullInput.IsAt("a", 3))).contains(new PullOutput.Came(3));
    }

    // ---- short names

    private void open() {
        give(new PullInput.IsAt("a", 3));
        look(0);
        give(new PullInput.Opened(1));
    }

    private List<PullOutput> give(PullInput input) {
        List<PullOutput> orders = link.handle(input, now);
        link.deadline().ifPresent(at -> assertThat(at)
                .as("a deadline long past, after %s", input)
                .isAfterOrEqualTo(now));
        return orders;
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
    }

    private List<PullOutput> look(Integer... renditions) {
        AgentMessage wish = new StartCapture(List.of(new ScreenWish(0, List.of(renditions))), 20, 75, "jpeg");
        return give(new PullInput.RoomSaid(wish));
    }

    private static PullOutput start(long generation, int rendition) {
        return new PullOutput.Send(generation, new StartStream("desk", 0, rendition));
    }

    private static Message started(long epoch) {
        return new StreamStarted("desk", 0, 0, 1, epoch, 640, 480);
    }

    private static RelayAck ack(long number) {
        return new RelayAck(number, 0, 0, 3, RelayAck.RELAY);
    }

    private static PullOutput painted(long number) {
        return new PullOutput.Send(1, new PaintedAck("desk", 0, 0, 3, number, number, 0, 0, false));
    }

    private List<PullOutput> picture(long generation, long epoch, long number) {
        return give(new PullInput.FrameCame(generation, frame(epoch, number)));
    }

    static Frame frame(long epoch, long number) {
        FrameHeader header = new FrameHeader(
                PictureCodec.JPEG, FrameHeader.FLAG_LAST_PART, 0, epoch, number, 0, 0, 0, 640, 480, 0, 75, 0, 1);
        return new Frame(header, List.of(new Tile(0, 0, 640, 480, ByteBuffer.wrap(new byte[] {1}))));
    }
}
