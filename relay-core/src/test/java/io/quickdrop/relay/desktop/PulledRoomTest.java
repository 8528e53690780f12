package io.quickdrop.relay.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.Age;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rooms between two instances: one that has another instance for its agent, and one that has it for a viewer. */
class PulledRoomTest {
    private final RoomScene scene = new RoomScene();

    // ---- the instance that pulls: the other one is its agent

    @Test
    void aPulledPictureOfV1IsAcknowledgedWhenItIsHere() {
        scene.agent(1, 1, AgentKind.PULLED_WHOLE_PICTURES);
        assertThat(scene.viewer(1)).contains("agent1 start 1:[1]");
        assertThat(scene.picture(100)).contains("agent1 ack 1");
    }

    @Test
    void forAThumbnailOfV1NoMoreThanAThumbnailIsPulled() {
        scene.agent(1, 1, AgentKind.PULLED_WHOLE_PICTURES);
        assertThat(scene.viewer(1, 1, Rendition.THUMBNAIL)).contains("agent1 start 1:[2]");
        assertThat(scene.viewer(2, 1, Rendition.TILES)).contains("agent1 start 1:[1]");
    }

    @Test
    void theOtherInstanceHearsWhoLooksAndOfHolesWhateverItsDesktopSpeaks() {
        scene.agent(1, 1, AgentKind.PULLED_WHOLE_PICTURES);
        scene.viewer(1);
        List<String> lines = scene.passMillis(3_000);
        assertThat(lines).contains("agent1 whole 1:0");
        assertThat(scene.heard(ViewerReport.class)).last().satisfies(report -> assertThat(report.watchers())
                .containsExactly("v1"));
    }

    @Test
    void anInstanceThatWasNeverToldIsToldThatNothingIsWanted() {
        assertThat(scene.agent(1, 1, AgentKind.PULLED_RENDITIONS)).containsExactly("agent1 stop");
    }

    @Test
    void whoLooksIsToldThatThePictureIsStaleAndOfItsReturn() {
        scene.agent(1, 1, AgentKind.PULLED_RENDITIONS);
        scene.viewer(1);
        scene.whole(100);
        scene.settle(1);
        RoomInput away = new RoomInput.AgentAway(new AgentId(1), StreamStopped.ORIGIN_UNREACHABLE, "https://there");
        assertThat(scene.give(away)).containsExactly("viewer1 stopped 1:0 origin_unreachable");
        assertThat(scene.heard(StreamStopped.class)).last().satisfies(stopped -> assertThat(stopped.url())
                .isEqualTo("https://there"));
        assertThat(scene.viewer(2))
                .contains("viewer2 started 1:0 epoch 1 256x128", "viewer2 stopped 1:0 origin_unreachable");
        assertThat(scene.room.view().limitedBy()).isEqualTo("the way to the instance where it is connected");
        scene.sentTo(1);
        assertThat(scene.give(new RoomInput.AgentBack(new AgentId(1))))
                .contains("viewer1 started 1:0 epoch 1 256x128", "viewer2 started 1:0 epoch 1 256x128");
        scene.frameOf(1, 1, 1); // it counts anew
        scene.whole(100);
        assertThat(scene.placesTo(1)).as("everything comes again").contains(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void aWordOfAnInstanceThatWasSupersededChangesNothing() {
        scene.agent(1, 1, AgentKind.PULLED_RENDITIONS);
        scene.viewer(1);
        scene.agent(2, 2);
        assertThat(scene.give(new RoomInput.AgentAway(new AgentId(1), StreamStopped.ORIGIN_UNREACHABLE, null)))
                .isEmpty();
        assertThat(scene.give(new RoomInput.AgentBack(new AgentId(1)))).isEmpty();
        assertThat(scene.give(new RoomInput.AgentBack(new AgentId(2))))
                .as("it was never away")
                .isEmpty();
    }

    @Test
    void aRegistrationThatWasThoughtToBeOverMayComeBack() {
        scene.agent(1, 5, AgentKind.PULLED_RENDITIONS);
        scene.viewer(1);
        scene.agentGone(1);
        RoomInput.AgentCame again = new RoomInput.AgentCame(
                new AgentId(1),
                new io.quickdrop.protocol.AgentMessage.ClientInfo(
                        "desktop",
                        "desk",
                        null,
                        null,
                        List.of(new io.quickdrop.protocol.DesktopClient.Monitor(1, "m", 0, 0, 256, 128, true)),
                        List.of("jpeg"),
                        List.of()),
                5,
                7,
                AgentKind.PULLED_RENDITIONS);
        assertThat(scene.give(again)).contains("viewer1 started 1:0 epoch 5 256x128");
        assertThat(scene.give(again)).as("it is here").isEmpty();
    }

    @Test
    void whatTheOtherInstanceMeasuredIsPartOfTheAge() {
        scene.agent(1, 1, AgentKind.PULLED_RENDITIONS);
        scene.viewer(1);
        scene.whole(100);
        scene.settle(1);
        Age age = new Age(4, 10, 2, 30, 0, 46);
        scene.give(new RoomInput.OriginStats(
                new AgentId(1), new StreamStats("desk", 1, 0, 9, 12, 800, 66, age, "the agent's CPU")));
        scene.frame(100, 3);
        scene.settle(1);
        scene.passMillis(1_000);
        StreamStats stats =
                scene.heard(StreamStats.class).stream().reduce((a, b) -> b).orElseThrow();
        assertThat(stats.age().uplinkMs()).isGreaterThanOrEqualTo(42);
        assertThat(stats.viewers()).as("on all instances").isEqualTo(9);
        assertThat(stats.quality()).isEqualTo(66);
        assertThat(stats.limitedBy()).isEqualTo("the agent's CPU");
    }

    // ---- the instance that has the desktop: the other one is a viewer

    @Test
    void anInstanceCountsForThoseWhoLookThere() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.viewer(2);
        report(2, new ViewerReport(5, 3, null, List.of("ada", "v1")));
        scene.passMillis(200);
        ViewerReport told = last();
        assertThat(told.viewers()).isEqualTo(6);
        assertThat(told.visible()).isEqualTo(4);
        assertThat(told.watchers()).containsExactly("v1", "ada");
        assertThat(scene.room.view().viewers()).isEqualTo(6);
        scene.gone(2);
        scene.passMillis(200);
        assertThat(last().viewers()).isEqualTo(1);
    }

    @Test
    void itsViewersGovernWhereTheirWaysAreNarrow() {
        scene.agent(1, 1);
        scene.viewer(1);
        report(1, new ViewerReport(4, 4, new Governing(120, 800), List.of("ada")));
        for (int i = 0; i < 20; i++) {
            scene.whole(1_000);
            scene.settle(1);
            scene.passMillis(100);
        }
        Governing governing = last().governing();
        assertThat(governing).isNotNull();
        assertThat(governing.deliveryKbps()).isEqualTo(800);
        assertThat(governing.queueDelayMs()).isEqualTo(120);
        assertThat(scene.room.view().limitedBy()).isEqualTo("the link to a viewer of v1");
        report(1, new ViewerReport(4, 0, new Governing(120, 800), List.of("ada")));
        scene.passMillis(600);
        assertThat(last().governing()).as("nobody sees it").isNull();
    }

    @Test
    void holesOfAnInstanceAreFilledFromTheCacheAndNotByTheAgent() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.whole(100);
        scene.settle(1);
        scene.sentTo(1);
        List<String> lines = scene.give(new RoomInput.WholeWanted(new ViewerId(1), 1, Rendition.TILES));
        assertThat(lines).isEmpty();
        assertThat(scene.placesTo(1)).hasSize(8);
        scene.sentTo(1);
        scene.give(new RoomInput.WholeWanted(new ViewerId(1), 1, Rendition.TILES));
        assertThat(scene.placesTo(1)).as("not more than once a second").isEmpty();
        assertThat(scene.passMillis(5_000)).noneMatch(line -> line.contains("whole"));
    }

    @Test
    void holesThatAreHereAsWellAreForTheAgentToFill() {
        scene.agent(1, 1);
        scene.viewer(1);
        scene.frame(100, 0, 1, 2);
        scene.settle(1);
        scene.sentTo(1);
        scene.give(new RoomInput.WholeWanted(new ViewerId(1), 1, Rendition.TILES));
        assertThat(scene.placesTo(1)).isEmpty();
        assertThat(scene.passMillis(3_000)).contains("agent1 whole 1:0");
    }

    @Test
    void anInstanceIsToldHowOldWholePicturesAreWhenTheyReachIt() {
        scene.agent(1, 1, AgentKind.WHOLE_PICTURES);
        scene.viewer(1, 1, Rendition.WHOLE);
        scene.viewer(2, 1, Rendition.WHOLE);
        report(1, new ViewerReport(1, 1, null, List.of("ada")));
        scene.picture(100);
        scene.passMillis(1_100);
        assertThat(scene.heard(StreamStats.class)).hasSize(1);
    }

    private void report(long viewer, ViewerReport report) {
        scene.give(new RoomInput.Reported(new ViewerId(viewer), "i" + viewer, report));
    }

    private ViewerReport last() {
        return scene.heard(ViewerReport.class).stream().reduce((a, b) -> b).orElseThrow();
    }
}
