package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StreamElsewhere;
import io.quickdrop.server.catalogue.TestPostgres;
import io.quickdrop.server.desktops.TestAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two whole servers over TLS on loopback, on one PostgreSQL. */
@Timeout(120)
final class SeveralInstancesTest {
    private String database;
    private DesktopScene north;
    private DesktopScene south;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        database = TestPostgres.shared().newDatabase();
        north = scene(folder, "north");
        south = scene(folder, "south");
    }

    private DesktopScene scene(Path folder, String name) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        return new DesktopScene(own, new ClusterSettings(database, null, name, null, false, null));
    }

    @AfterEach
    void stop() {
        north.close();
        south.close();
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static @Nullable JsonObject desktop(DesktopScene scene, String clientId) throws Exception {
        return scene.desktops().stream()
                .filter(each -> each.get("clientId").getAsString().equals(clientId))
                .findFirst()
                .orElse(null);
    }

    private static void awaitListed(DesktopScene scene, String clientId, String state, @Nullable String instance) {
        patiently().untilAsserted(() -> {
            JsonObject found = desktop(scene, clientId);
            assertThat(found).isNotNull();
            assertThat(found.get("state").getAsString()).isEqualTo(state);
            assertThat(found.has("instance") ? found.get("instance").getAsString() : null)
                    .isEqualTo(instance);
        });
    }

    @Test
    void theInstancesKnowEachOtherAndOneTokenOpensBoth() throws Exception {
        patiently().untilAsserted(() -> {
            for (DesktopScene scene : List.of(north, south)) {
                var list =
                        DesktopScene.json(scene.call("GET", "/api/instances")).getAsJsonArray("instances");
                assertThat(list).hasSize(2).allSatisfy(each -> assertThat(
                                each.getAsJsonObject().get("state").getAsString())
                        .isEqualTo("alive"));
                assertThat(list.get(0).getAsJsonObject().get("self").getAsBoolean())
                        .isTrue();
            }
        });
        assertThat(north.server().operatorToken().value())
                .isEqualTo(south.server().operatorToken().value());
        JsonObject health = DesktopScene.json(south.call("GET", "/health"));
        assertThat(health.get("status").getAsString()).isEqualTo("ok");
        assertThat(health.get("instances").getAsInt()).isEqualTo(2);
        assertThat(health.getAsJsonObject("instance").get("name").getAsString()).isEqualTo("south");
    }

    @Test
    void anInstanceThatStopsSaysSo() throws Exception {
        north.close();
        patiently().untilAsserted(() -> assertThat(
                        DesktopScene.json(south.call("GET", "/api/instances")).toString())
                .contains("\"name\":\"north\"", "\"state\":\"left\""));
    }

    @Test
    void aDesktopIsListedOnTheOtherWithItsInstanceUntilItGoes() throws Exception {
        DesktopPeer agent = north.agentSocket();
        north.register(agent, new TestAgent("studio"), north.newCode());
        awaitListed(north, "studio", "online", null);
        awaitListed(south, "studio", "online", "north");

        agent.hangUp();
        awaitListed(south, "studio", "offline", null);
    }

    @Test
    void aDesktopThatRegistersElsewhereIsDroppedHere() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer first = north.agentSocket();
        HandshakeAck before = north.register(first, studio, north.newCode());
        HandshakeAck after = south.register(south.agentSocket(), studio, null);
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(first.closing().code()).isEqualTo(CloseCode.SUPERSEDED.code());
        awaitListed(north, "studio", "online", "south");
        awaitListed(south, "studio", "online", null);
    }

    @Test
    void whoWatchesOnTheOtherInstanceHasTheDesktopCaptured() throws Exception {
        DesktopPeer agent = north.agentSocket();
        north.register(agent, new TestAgent("studio"), north.newCode());
        awaitListed(south, "studio", "online", "north");
        DesktopPeer viewer = south.pageSocket();
        DesktopScene.handshake(viewer);
        viewer.send(new StartStream("studio", null, null));
        assertThat(agent.next(StartCapture.class).screens()).isNotEmpty();
    }

    @Test
    void aViewerWithATicketWatchesAtTheOtherAndDoesNothingElse() throws Exception {
        DesktopPeer agent = north.agentSocket();
        north.register(agent, new TestAgent("studio"), north.newCode());
        awaitListed(south, "studio", "online", "north");
        DesktopPeer page = south.pageSocket();
        DesktopScene.handshake(page);
        page.send(new StartStream("studio", null, null, true));
        StreamElsewhere offer = page.next(StreamElsewhere.class);
        assertThat(offer.url()).endsWith(":" + north.server().port());

        String protocols = Subprotocol.V2 + "," + Subprotocol.TOKEN_PREFIX + offer.ticket();
        String pageOfSouth = "https://localhost:" + south.server().port();
        patiently().untilAsserted(() -> assertThat(
                        DesktopScene.json(north.call("GET", "/api/instances")).toString())
                .contains(":" + south.server().port() + "\""));
        DesktopPeer guest = north.connect("", protocols, "Origin", pageOfSouth);
        DesktopScene.handshake(guest);
        guest.send(new StartStream("studio", null, null));
        assertThat(agent.next(StartCapture.class).screens()).isNotEmpty();
        guest.send(new DesktopCommand("studio", "stop_capture", new JsonObject(), null));
        assertThat(guest.next(Problem.class).reason()).isEqualTo("forbidden");

        assertThat(north.refusal("", protocols, "Origin", "https://foreign.example:8443"))
                .isEqualTo(403);
        DesktopPeer wrong = south.connect("", protocols, "Origin", pageOfSouth);
        assertThat(wrong.closing().code())
                .as("a ticket is for one instance")
                .isEqualTo(CloseCode.NOT_AUTHENTICATED.code());
        assertThat(north.refusal("", Subprotocol.V2, "Origin", pageOfSouth))
                .as("without a ticket the other's pages are foreign ones")
                .isEqualTo(403);
    }

    @Test
    void anInstanceThatIsFencedDropsItsDesktopsAndBeginsAnew() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer agent = north.agentSocket();
        HandshakeAck before = north.register(agent, studio, north.newCode());
        TestPostgres.execute(database, "UPDATE instances SET left_ts = seen_ts WHERE name = 'north'");
        awaitListed(south, "studio", "offline", null);
        assertThat(agent.closing().code()).isEqualTo(CloseCode.GOING_AWAY.code());

        HandshakeAck[] after = new HandshakeAck[1];
        patiently().untilAsserted(() -> {
            DesktopPeer again = north.agentSocket();
            after[0] = north.register(again, studio, null);
        });
        assertThat(after[0].epoch()).isGreaterThan(before.epoch());
        awaitListed(south, "studio", "online", "north");
    }

    @Test
    void aDesktopThatIsRevokedOnTheOtherInstanceIsClosed() throws Exception {
        DesktopPeer agent = north.agentSocket();
        north.register(agent, new TestAgent("studio"), north.newCode());
        awaitListed(south, "studio", "online", "north");
        assertThat(south.call("DELETE", "/api/desktops/studio").statusCode()).isEqualTo(204);
        assertThat(agent.closing().code()).isEqualTo(CloseCode.FORBIDDEN.code());
        patiently().untilAsserted(() -> assertThat(desktop(north, "studio")).isNull());
    }

    @Test
    void aPhoneThatIsPairedOnOneIsKnownOnTheOtherAndRevokedOnBoth() throws Exception {
        String key = north.pairedKey();
        DesktopPeer phone = south.connect(
                "",
                Subprotocol.V2 + "," + Subprotocol.TOKEN_PREFIX + key,
                "Origin",
                "https://localhost:" + south.server().port());
        String id = DesktopScene.json(north.call("GET", "/api/devices"))
                .getAsJsonArray("devices")
                .get(0)
                .getAsJsonObject()
                .get("id")
                .getAsString();
        assertThat(north.call("DELETE", "/api/devices/" + id).statusCode()).isEqualTo(204);
        assertThat(phone.closing().code()).isEqualTo(CloseCode.FORBIDDEN.code());
    }
}
