package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.GetDesktopClients;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StopStream;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.PeerIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A desktop of one instance, looked at on another: two whole relays in one process and in virtual time. */
class PulledDesktopsTest {
    private static final Duration STEP = Duration.ofSeconds(3);

    private final List<DesktopScene.Seat> seats = new ArrayList<>();
    private final Neighbourhood town = new Neighbourhood(1, "a", "b", "c");
    private final Neighbourhood.Instance a = town.instance("a");
    private final Neighbourhood.Instance b = town.instance("b");

    @Test
    void aPictureIsPulledOnceForAllWhoLookAndAcknowledged() {
        DesktopScene.Seat agent = agent(a);
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        DesktopScene.Seat ben = watcher(b, "ben", Rendition.TILES);
        assertThat(agent.wire().heard).endsWith("start_capture");
        DesktopScene.frame(agent, 1, Rendition.TILES, (byte) 42);
        settle();
        assertThat(DesktopScene.shown(ada)).containsExactly(42);
        assertThat(DesktopScene.shown(ben)).containsExactly(42);
        assertThat(town.roads).as("one connection, however many look").hasSize(1);
        long bytes = town.roads.get(0).bytesDown;
        DesktopScene.frame(agent, 2, Rendition.TILES, (byte) 43);
        settle();
        assertThat(town.roads.get(0).bytesDown - bytes).as("one copy").isLessThan(100);
        assertThat(agent.wire().last("frame_ack").get("frameNumber").getAsLong())
                .isEqualTo(2);
        assertThat(ada.wire().frames.get(0).header().epoch()).isEqualTo(DesktopScene.epoch(agent));
    }

    @Test
    void theListSaysWhereADesktopIs() {
        agent(a);
        DesktopScene.Seat ada = viewer(b, "ada");
        ada.say(new GetDesktopClients());
        settle();
        JsonObject there = ada.wire()
                .last("desktop_clients_list")
                .get("clients")
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertThat(there.get("instance").getAsString()).isEqualTo("instance a");
        assertThat(there.get("state").getAsString()).isEqualTo("online");
        DesktopScene.Seat own = viewer(a, "own");
        own.say(new GetDesktopClients());
        settle();
        assertThat(own.wire().last("desktop_clients_list").toString()).doesNotContain("\"instance\"");
    }

    @Test
    void whoCanGoElsewhereIsOfferedTheOtherInstanceAndNothingIsPulled() {
        agent(a);
        DesktopScene.Seat ada = viewer(b, "ada");
        ada.say(new StartStream("desk", 0, Rendition.TILES, true));
        settle();
        JsonObject offer = ada.wire().last("stream_elsewhere");
        assertThat(offer.get("url").getAsString()).isEqualTo("https://a.example:8443");
        assertThat(offer.get("ticket").getAsString()).isEqualTo("ticket-for-a");
        assertThat(town.attempts).isZero();
        DesktopScene.Seat own = viewer(a, "own");
        own.say(new StartStream("desk", 0, Rendition.TILES, true));
        settle();
        assertThat(own.wire().heard).as("it is here already").endsWith("stream_started");
    }

    @Test
    void theAgentIsToldOfThoseWhoLookElsewhereAndStopsWhenTheyAreHiddenOrGone() {
        DesktopScene.Seat agent = agent(a);
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        watcher(a, "own", Rendition.TILES).peer().closed();
        pass(Duration.ofSeconds(1));
        JsonObject report = agent.wire().last("viewer_report");
        assertThat(report.get("viewers").getAsInt()).isEqualTo(1);
        assertThat(report.get("watchers").toString()).isEqualTo("[\"ada\"]");
        hide(ada, agent, true);
        pass(Duration.ofSeconds(6));
        report = agent.wire().last("viewer_report");
        assertThat(report.get("viewers").getAsInt()).as("hidden, but there").isEqualTo(1);
        assertThat(report.get("visible").getAsInt()).isZero();
        assertThat(agent.wire().heard).contains("stop_capture");
        hide(ada, agent, false);
        settle();
        assertThat(agent.wire().count("start_capture")).isEqualTo(2);
        ada.say(new StopStream("desk", null, null));
        pass(Duration.ofSeconds(12));
        assertThat(agent.wire().count("stop_capture")).isEqualTo(2);
        assertThat(town.inUse(b)).as("some seconds after the last").isEmpty();
        assertThat(agent.wire().last("viewer_report").get("viewers").getAsInt()).isZero();
    }

    @Test
    void whenTheWayIsCutThePictureIsSaidToBeStaleAndComesBackByItself() {
        DesktopScene.Seat agent = agent(a);
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        DesktopScene.Seat own = watcher(a, "own", Rendition.TILES);
        town.connectMillis = () -> -10;
        town.roads.get(0).cut(false);
        settle();
        JsonObject stopped = ada.wire().last("stream_stopped");
        assertThat(stopped.get("reason").getAsString()).isEqualTo("origin_unreachable");
        assertThat(stopped.get("url").getAsString()).isEqualTo("https://a.example:8443");
        DesktopScene.Seat late = viewer(b, "late");
        late.say(new StartStream("desk", null, Rendition.TILES));
        settle();
        assertThat(late.wire().last("stream_stopped").get("reason").getAsString())
                .isEqualTo("origin_unreachable");
        DesktopScene.frame(agent, 1, Rendition.TILES, (byte) 1);
        settle();
        assertThat(DesktopScene.shown(own)).as("its own viewers notice nothing").containsExactly(1);
        town.connectMillis = () -> 3;
        pass(Duration.ofSeconds(6));
        assertThat(ada.wire().count("stream_started")).isEqualTo(2);
        assertThat(DesktopScene.shown(ada)).containsExactly(1);
        assertThat(DesktopScene.shown(late)).containsExactly(1);
    }

    @Test
    void anOwnerThatFreezesCostsOnlyThatPicture() {
        agent(a);
        DesktopScene.Seat there = agent(town.instance("c"), "other");
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        watch(b, ada, "other", Rendition.TILES);
        a.process.freeze(30_000);
        pass(Duration.ofSeconds(10));
        assertThat(ada.wire().last("stream_stopped").get("reason").getAsString())
                .isEqualTo("origin_unreachable");
        assertThat(ada.wire().last("stream_stopped").get("desktopClientId").getAsString())
                .isEqualTo("desk");
        DesktopScene.frame(there, 1, Rendition.TILES, (byte) 7);
        settle();
        assertThat(DesktopScene.shown(ada)).containsExactly(7);
        pass(Duration.ofSeconds(30));
        assertThat(ada.wire().last("stream_started").get("desktopClientId").getAsString())
                .isEqualTo("desk");
    }

    @Test
    void aLateConnectionIsClosedAndAPictureNeverComesTwice() {
        agent(a);
        town.connectMillis = () -> 6_000;
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        pass(Duration.ofSeconds(5)); // the attempt was given up, and another begun
        town.connectMillis = () -> 3;
        pass(Duration.ofSeconds(20));
        assertThat(town.roads).hasSizeGreaterThan(1);
        assertThat(town.inUse(b)).hasSize(1);
        assertThat(town.roads.stream().filter(road -> !road.over)).hasSize(1);
        assertThat(ada.wire().count("stream_started")).isBetween(1L, 3L);
    }

    @Test
    void aDesktopThatMovesIsFollowedUnderItsNewEpoch() {
        DesktopScene.Seat agent = agent(a);
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        DesktopScene.frame(agent, 9, Rendition.TILES, (byte) 1);
        settle();
        DesktopScene.Seat moved = agent(town.instance("c"));
        DesktopScene.frame(agent, 10, Rendition.TILES, (byte) 2);
        settle();
        settle();
        DesktopScene.frame(moved, 1, Rendition.TILES, (byte) 3);
        settle();
        assertThat(DesktopScene.shown(ada)).containsExactly(3);
        List<Long> epochs =
                ada.wire().frames.stream().map(frame -> frame.header().epoch()).toList();
        assertThat(epochs).isSorted().last().isEqualTo(DesktopScene.epoch(moved));
        assertThat(town.inUse(b)).singleElement().satisfies(road -> assertThat(road.to.id)
                .isEqualTo("c"));
        assertThat(agent.wire().heard).as("the old connection is fenced").endsWith("closed 4409");
    }

    @Test
    void aDesktopThatRegistersHereIsPulledNoLonger() {
        agent(a);
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        DesktopScene.Seat here = agent(b);
        DesktopScene.frame(here, 1, Rendition.TILES, (byte) 5);
        settle();
        assertThat(DesktopScene.shown(ada)).containsExactly(5);
        assertThat(ada.wire().heard).as("nobody was told that it had gone").doesNotContain("stream_stopped");
        assertThat(town.inUse(b)).isEmpty();
    }

    @Test
    void anInstanceIsServedOnlyWhatIsConnectedHere() {
        agent(a);
        DesktopScene.Wire wire = new DesktopScene.Wire();
        DesktopScene.Seat puller = new DesktopScene.Seat(wire, b.accept(wire, "c"));
        puller.say(new StartStream("desk", 0, Rendition.TILES));
        settle();
        assertThat(wire.heard).contains("desktop_offline").doesNotContain("stream_started");
        assertThat(town.attempts).as("nothing is pulled for another instance").isZero();
    }

    @Test
    void onlyInstancesSpeakForOthers() {
        DesktopScene.Seat agent = agent(a);
        DesktopScene.Seat ada = watcher(a, "ada", Rendition.TILES);
        ada.say(new io.quickdrop.protocol.AgentMessage.ViewerReport(900, 900, null, List.of("x")));
        pass(Duration.ofSeconds(1));
        assertThat(ada.wire().heard).contains("unknown_type:viewer_report");
        assertThat(agent.wire().last("viewer_report").get("viewers").getAsInt()).isEqualTo(1);
    }

    @Test
    void aDesktopOfV1AndAViewerOfV1MeetThroughTwoInstances() {
        DesktopScene.Wire wire = new DesktopScene.Wire();
        LinkMessage.HelloV1 hello = new LinkMessage.HelloV1("/out", "https://phone");
        DesktopScene.Seat old = new DesktopScene.Seat(
                wire, a.desktops.v1Connected(wire, new PeerIdentity("v1", true), hello, "desktop", "old", "v1"));
        old.peer().text("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"old\"}}");
        settle();
        DesktopScene.Wire seen = new DesktopScene.Wire();
        DesktopScene.Seat v1 = new DesktopScene.Seat(
                seen, b.desktops.v1Connected(seen, new PeerIdentity("v1", true), hello, "web", "w", "v1 viewer"));
        v1.peer().text("{\"type\":\"start_stream\",\"desktopClientId\":\"old\",\"monitorId\":0}");
        DesktopScene.Seat ada = viewer(b, "ada");
        watch(b, ada, "old", Rendition.TILES);
        settle();
        assertThat(wire.heard).contains("start_capture");
        old.peer()
                .text("{\"type\":\"frame_data\",\"frameData\":\"/9j/2Q==\",\"frameNumber\":1,\"timestamp\":1,"
                        + "\"monitorId\":0,\"width\":640,\"height\":480}");
        settle();
        assertThat(seen.last("frame_data").get("desktopClientId").getAsString()).isEqualTo("old");
        assertThat(ada.wire().frames).hasSize(1);
        assertThat(wire.heard)
                .as("its window opens when the other instance has the picture")
                .contains("frame_ack");
    }

    @Test
    void theAgeOfAPulledPictureHasTheWayBetweenTheInstancesInIt() {
        town.delayMillis = 40;
        DesktopScene.Seat agent = agent(a);
        DesktopScene.Seat ada = watcher(b, "ada", Rendition.TILES);
        settle();
        for (int i = 1; i <= 80; i++) {
            Frame frame = DesktopScene.frame(DesktopScene.epoch(agent), i, Rendition.TILES, (byte) i);
            agent.peer().binary(at(frame, town.time.nowNanos() / 1000).encode(), true);
            pass(Duration.ofMillis(100));
            if (!ada.wire().frames.isEmpty()) {
                DesktopScene.paint(ada, "desk");
            }
        }
        JsonObject age = ada.wire().last("stream_stats").get("age").getAsJsonObject();
        assertThat(age.get("uplinkMs").getAsDouble()).isBetween(35.0, 60.0);
        assertThat(age.get("totalMs").getAsDouble()).isGreaterThan(35.0);
    }

    private static Frame at(Frame frame, long captureMicros) {
        var h = frame.header();
        return new Frame(
                new io.quickdrop.protocol.FrameHeader(
                        h.codec(),
                        h.flags(),
                        h.screen(),
                        h.epoch(),
                        h.frameNumber(),
                        0,
                        captureMicros,
                        0,
                        h.width(),
                        h.height(),
                        h.rendition(),
                        h.quality(),
                        h.tileCount(),
                        h.desktopHandle()),
                frame.tiles());
    }

    // ---- short names

    /** Time passes; everybody answers pings. */
    private void pass(Duration duration) {
        Duration left = duration;
        while (!left.isZero()) {
            Duration step = left.compareTo(STEP) < 0 ? left : STEP;
            town.pass(step);
            seats.forEach(seat -> seat.peer().alive());
            left = left.minus(step);
        }
    }

    private DesktopScene.Seat seated(DesktopScene.Seat seat) {
        seats.add(seat);
        return seat;
    }

    private void settle() {
        pass(Duration.ofMillis(100));
    }

    private DesktopScene.Seat agent(Neighbourhood.Instance at) {
        return agent(at, "desk");
    }

    private DesktopScene.Seat agent(Neighbourhood.Instance at, String clientId) {
        DesktopScene.Wire wire = new DesktopScene.Wire();
        DesktopScene.Seat agent =
                seated(new DesktopScene.Seat(wire, at.desktops.agentConnected(wire, new PeerIdentity("agent", false))));
        agent.say(new Handshake(DesktopScene.desktop(clientId), "key", "signature", null));
        settle();
        return agent;
    }

    private DesktopScene.Seat viewer(Neighbourhood.Instance at, String name) {
        DesktopScene.Wire wire = new DesktopScene.Wire();
        return seated(new DesktopScene.Seat(
                wire,
                at.relay.connected(
                        wire,
                        new PeerIdentity("operator", true),
                        Generation.V2,
                        at.relay.hello(),
                        at.desktops.viewer(name, true))));
    }

    private DesktopScene.Seat watcher(Neighbourhood.Instance at, String name, int rendition) {
        DesktopScene.Seat viewer = viewer(at, name);
        watch(at, viewer, "desk", rendition);
        return viewer;
    }

    private void watch(Neighbourhood.Instance at, DesktopScene.Seat viewer, String desktop, int rendition) {
        assertThat(at).isNotNull();
        viewer.say(new StartStream(desktop, null, rendition));
        settle();
    }

    private static void hide(DesktopScene.Seat viewer, DesktopScene.Seat agent, boolean hidden) {
        viewer.say(new PaintedAck("desk", 0, Rendition.TILES, DesktopScene.epoch(agent), 0, 0, 0, 0, hidden));
    }
}
