package io.quickdrop.relay.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DesktopRoomTest {
    private final RoomScene scene = new RoomScene();

    // ---- viewers and capture

    @Test
    void theFirstViewerStartsTheCaptureOfThePrimaryScreen() {
        assertThat(scene.agent(1, 1)).isEmpty();
        assertThat(scene.viewer(1)).containsExactly("viewer1 started 1:0 epoch 1 256x128", "agent1 start 1:[0]");
    }

    @Test
    void theLastVisibleViewerStopsTheCaptureAfterAMoment() {
        scene.agent(1, 1);
        scene.viewer(1);
        assertThat(scene.left(1)).containsExactly("viewer1 stopped 1:0 asked");
        assertThat(scene.passMillis(1_999)).isEmpty();
        assertThat(scene.passMillis(1)).containsExactly("agent1 stop");
        assertThat(scene.room.view().capturing()).isFalse();
    }

    @Test
    void aPageThatIsLoadedAgainFindsItsPicture() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.whole(100);
        scene.gone(1);
        scene.passMillis(1_500);
        assertThat(scene.viewer(2)).containsExactly("viewer2 started 1:0 epoch 1 256x128");
        assertThat(scene.placesTo(2)).hasSize(8);
        assertThat(scene.passMillis(5_000)).isEmpty();
    }

    @Test
    void oneViewersStopStopsNobodyElsesPicture() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.viewer(2);
        scene.whole(100);
        scene.settle(1, 2);
        scene.left(1);
        assertThat(scene.passMillis(10_000)).isEmpty();
        scene.sentTo(2);
        scene.frame(100, 3);
        assertThat(scene.placesTo(2)).containsExactly(3);
    }

    @Test
    void whatWasCapturedBeforeAPauseIsNeverShownAsThePresent() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.whole(100);
        scene.left(1);
        scene.passMillis(3_000);
        scene.viewer(2);
        assertThat(scene.placesTo(2)).isEmpty();
        scene.whole(100);
        assertThat(scene.placesTo(2)).hasSize(8);
    }

    @Test
    void aHiddenPageIsSentNothingAndTheNewestWhenItShows() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.viewer(2);
        scene.whole(100);
        scene.settle(1, 2);
        scene.hides(1, true);
        scene.sentTo(1);
        for (int i = 0; i < 50; i++) {
            scene.frame(100, i % 2);
            scene.settle(2);
        }
        assertThat(scene.sentTo(1)).isEmpty();
        scene.hides(1, false);
        assertThat(scene.placesTo(1)).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aPageThatShowsIsHeardThoughItHasNotHeardOfTheNewEpoch() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.hides(1, true);
        scene.agent(2, 2);
        scene.acks(1, 1, 0, false);
        scene.whole(100);
        assertThat(scene.placesTo(1)).hasSize(8);
    }

    @Test
    void nobodyVisibleMeansNoCapture() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.hides(1, true);
        assertThat(scene.passMillis(2_000)).containsExactly("agent1 stop");
        assertThat(scene.hides(1, false)).containsExactly("agent1 start 1:[0]");
    }

    @Test
    void eachScreenAndRenditionIsCapturedOnlyWhileSomebodyLooksAtIt() {
        scene.agent(1, 1);
        scene.viewer(1, 0, Rendition.TILES);
        assertThat(scene.viewer(1, 1, Rendition.THUMBNAIL))
                .containsExactly("viewer1 started 1:2 epoch 1 256x128", "agent1 start 0:[0] 1:[2]");
        scene.give(new RoomInput.ViewerLeft(new ViewerId(1), 0, null));
        assertThat(scene.passMillis(2_000)).contains("agent1 start 1:[2]");
    }

    @Test
    void whatCantBeSeenIsRefusedWithAReason() {
        assertThat(scene.viewer(1)).containsExactly("viewer1 refused desktop_offline");
        scene.agent(1, 1);
        assertThat(scene.viewer(1, 5, Rendition.TILES)).containsExactly("viewer1 refused screen_unknown");
        assertThat(scene.viewer(1, 0, 9)).containsExactly("viewer1 refused bad_field:rendition");
    }

    @Test
    void viewersAreBounded() {
        scene.agent(1, 1);
        for (int id = 1; id <= 256; id++) {
            scene.viewer(id);
        }
        assertThat(scene.viewer(257)).containsExactly("viewer257 refused stream_limit");
    }

    // ---- the agent

    @Test
    void aFrameIsAcknowledgedWhenItsLastPartCameWhoeverWatches() {
        scene.agent(1, 1);
        assertThat(scene.frameOf(1, 1, 1)).containsExactly("agent1 ack 1");
        scene.viewer(1);
        assertThat(scene.whole(100)).containsExactly("agent1 ack 1");
        Frame whole = RoomScene.tiles(1, 2, 100, 0, 1);
        FrameHeader first = RoomScene.header(1, 2, FrameHeader.FLAG_TILES, 2);
        AgentId agent = new AgentId(1);
        assertThat(scene.give(new RoomInput.FrameCame(agent, new Frame(first, whole.tiles()))))
                .isEmpty();
        assertThat(scene.give(new RoomInput.FrameCame(agent, whole))).containsExactly("agent1 ack 2");
    }

    @Test
    void aNewerAgentSupersedesAndTheLateEndOfTheOldOneChangesNothing() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.whole(100);
        assertThat(scene.agent(2, 2)).containsExactly("viewer1 started 1:0 epoch 2 256x128", "agent2 start 1:[0]");
        assertThat(scene.frameOf(1, 1, 2)).isEmpty();
        assertThat(scene.agentGone(1)).isEmpty();
        assertThat(scene.room.view().online()).isTrue();
        scene.sentTo(1);
        scene.whole(100);
        assertThat(scene.placesTo(1)).hasSize(8);
    }

    @Test
    void aRegistrationThatIsToldLateChangesNothing() {
        scene.agent(2, 2);
        scene.viewer(1);
        assertThat(scene.agent(1, 1)).isEmpty();
        assertThat(scene.whole(100)).containsExactly("agent2 ack 1");
    }

    @Test
    void viewersKeepTheirPlaceWhileTheAgentIsAway() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.whole(100);
        assertThat(scene.agentGone(1)).containsExactly("viewer1 stopped 1:0 desktop_gone");
        assertThat(scene.passMillis(60_000)).isEmpty();
        assertThat(scene.agent(2, 2)).containsExactly("viewer1 started 1:0 epoch 2 256x128", "agent2 start 1:[0]");
    }

    @Test
    void holesInThePictureAreRequestedAndMoreRarelyEachTime() {
        scene.agent(1, 1);
        scene.viewer(1);
        assertThat(scene.passMillis(1_999)).isEmpty();
        assertThat(scene.passMillis(1)).containsExactly("agent1 whole 1:0");
        assertThat(scene.passMillis(4_000)).containsExactly("agent1 whole 1:0");
        scene.frame(100, 0, 1, 2);
        assertThat(scene.passMillis(1_999)).isEmpty();
        scene.frame(100, 3, 4, 5, 6, 7);
        assertThat(scene.passMillis(60_000)).isEmpty();
    }

    @Test
    void videoIsRefusedWithAReasonOnceASecondAndStillAcknowledged() {
        scene.agent(1, 1);
        scene.viewer(1);
        assertThat(scene.give(video(1)))
                .containsExactly(
                        "agent1 refused found h264; allowed are jpeg, webp and png: streams of video are not served yet",
                        "agent1 ack 1");
        assertThat(scene.give(video(2))).containsExactly("agent1 ack 2");
        scene.passMillis(1_000);
        assertThat(scene.give(video(3))).hasSize(2);
        assertThat(scene.sentTo(1)).isEmpty();
    }

    private static RoomInput video(long number) {
        FrameHeader jpeg = RoomScene.header(1, number, FrameHeader.FLAG_LAST_PART, 0);
        FrameHeader h264 = new FrameHeader(
                PictureCodec.H264, jpeg.flags(), 1, 1, number, 0, 0, 0, jpeg.width(), jpeg.height(), 0, 75, 0, 7);
        return new RoomInput.FrameCame(new AgentId(1), new Frame(h264, List.of(RoomScene.tile(0, 10))));
    }

    // ---- v1

    @Test
    void aWholePictureServesEveryRendition() {
        scene.agent(1, 1, AgentKind.WHOLE_PICTURES);
        scene.viewer(1, 1, Rendition.TILES);
        scene.viewer(2, 1, Rendition.WHOLE);
        scene.viewer(3, 1, Rendition.THUMBNAIL);
        scene.picture(1_000);
        for (int id = 1; id <= 3; id++) {
            Frame frame = scene.sentTo(id).get(0);
            assertThat(frame.header().rendition()).isEqualTo(id - 1);
            assertThat(frame.header().flags()).isEqualTo(FrameHeader.FLAG_KEY | FrameHeader.FLAG_LAST_PART);
        }
    }

    @Test
    void theWindowOfV1OpensWhenAViewerPaintsOrAtTheLatestAfterASecond() {
        scene.agent(1, 1, AgentKind.WHOLE_PICTURES);
        assertThat(scene.picture(1_000)).containsExactly("agent1 ack 1");
        scene.viewer(1);
        scene.viewer(2);
        assertThat(scene.picture(1_000)).isEmpty();
        assertThat(scene.paints(1)).as("the other one is frozen").containsExactly("agent1 ack 2");
        assertThat(scene.picture(1_000)).isEmpty();
        assertThat(scene.passMillis(999)).isEmpty();
        assertThat(scene.passMillis(1)).containsExactly("agent1 ack 3");
    }

    @Test
    void aThumbnailDoesNotHoldTheWindowOfV1() {
        scene.agent(1, 1, AgentKind.WHOLE_PICTURES);
        scene.viewer(1, 1, Rendition.THUMBNAIL);
        assertThat(scene.picture(1_000)).containsExactly("agent1 ack 1");
        assertThat(scene.sentTo(1)).hasSize(1);
        scene.picture(1_000);
        assertThat(scene.sentTo(1)).as("one each 2 s").isEmpty();
        scene.passMillis(2_000);
        assertThat(scene.sentTo(1)).hasSize(1);
    }

    // ---- what is told

    @Test
    void theAgentHearsWhoWatchesAtOnceAndEachHalfSecond() {
        scene.agent(1, 1);
        scene.passMillis(200);
        scene.heard(ViewerReport.class);
        scene.viewer(1);
        assertThat(scene.heard(ViewerReport.class)).containsExactly(new ViewerReport(1, 1, null, List.of("v1")));
        scene.viewer(2, 1, Rendition.THUMBNAIL);
        scene.passMillis(100);
        assertThat(scene.heard(ViewerReport.class))
                .as("a thumbnail is no watching")
                .containsExactly(new ViewerReport(1, 1, null, List.of("v1")));
        scene.hides(1, true);
        scene.passMillis(500);
        assertThat(scene.heard(ViewerReport.class)).containsExactly(new ViewerReport(1, 0, null, List.of("v1")));
    }

    @Test
    void viewersHearEachSecondHowOldTheirPictureIsByStage() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.passMillis(1_000);
        scene.whole(100);
        scene.passMillis(20);
        scene.paints(1);
        scene.passMillis(980);
        List<StreamStats> told = scene.heard(StreamStats.class);

        StreamStats stats = told.get(told.size() - 1);
        assertThat(stats.age().captureMs()).isEqualTo(0.5);
        assertThat(stats.age().paintMs()).isEqualTo(1);
        assertThat(stats.age().downlinkMs())
                .as("19 ms are the way there and back")
                .isEqualTo(9.5);
        assertThat(stats.age().totalMs()).isEqualTo(11);
        assertThat(stats.viewers()).isEqualTo(1);
    }

    @Test
    void aPictureThatNothingChangedSinceIsNotOldForAJoiner() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.whole(100);
        scene.settle(1);
        scene.passMillis(10_000);
        scene.heard(StreamStats.class);
        scene.viewer(2);
        scene.passMillis(20);
        scene.paints(2);
        scene.passMillis(1_500);
        assertThat(scene.heard(StreamStats.class))
                .isNotEmpty()
                .allSatisfy(stats -> assertThat(stats.age().relayMs()).isLessThan(1));
    }

    @Test
    void theViewTellsListsWhatHappens() {
        scene.agent(1, 1);
        assertThat(scene.heard(RoomOutput.ViewChanged.class)).hasSize(1);
        scene.viewer(1);
        scene.whole(1_000);
        scene.passMillis(1_000);
        RoomView view = scene.room.view();
        assertThat(view.online()).isTrue();
        assertThat(view.capturing()).isTrue();
        assertThat(view.watchers()).containsExactly("v1");
        assertThat(view.fps()).isPositive();
        assertThat(view.kbps()).isPositive();
        scene.gone(1);
        scene.passMillis(5_000);
        assertThat(scene.room.view()).isEqualTo(new RoomView(true, 0, List.of(), false, 0, 0, 0, null));
        scene.agentGone(1);
        assertThat(scene.room.view().online()).isFalse();
    }

    @Test
    void aDesktopThatTheOperatorHasPausedIsNotCapturing() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.whole(1_000);
        scene.passMillis(1_000);
        scene.give(new RoomInput.StatusCame(new AgentId(1), status("idle")));
        assertThat(scene.room.view().capturing())
                .as("its last pictures are young")
                .isTrue();
        scene.passMillis(4_000);
        assertThat(scene.room.view().capturing()).isFalse();
        scene.give(new RoomInput.StatusCame(new AgentId(1), status("resting")));
        scene.passMillis(1_000);
        assertThat(scene.room.view().capturing()).isTrue();
    }

    private static AgentStatus status(String state) {
        return new AgentStatus(state, 0, 0, 75, 0, 1_000, null);
    }

    @Test
    void timeThatGoesBackwardsIsClampedAndARoomWithoutAnybodyWaitsForNothing() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.room.handle(new RoomInput.Tick(), Instant.EPOCH);
        scene.gone(1);
        scene.passMillis(10_000);
        assertThat(scene.room.deadline()).isEmpty();
    }
}
