package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.RegistrationPending;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.ObserverMessage.DesktopConnected;
import io.quickdrop.protocol.ObserverMessage.DesktopDisconnected;
import io.quickdrop.protocol.ObserverMessage.Snapshot;
import io.quickdrop.protocol.ObserverMessage.SubscribeObserver;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.protocol.ViewerMessage.DesktopClientsList;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.protocol.ViewerMessage.GetDesktopClients;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.server.desktops.TestAgent;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server over TLS on loopback: who comes in by which door, and what the operator can do about desktops. */
final class DesktopDoorsTest {
    private final DesktopPeer.Chain chain = new DesktopPeer.Chain();
    private Path folder;
    private HttpClient client;
    private QuickDropServer server;

    @BeforeEach
    void start(@TempDir Path fresh) throws Exception {
        folder = fresh;
        client = DesktopPeer.client(chain);
        server = QuickDropServer.start(new ServerSettings(0, folder, Set.of(), false, true));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    // ---- registering

    @Test
    void anAgentEnrolsWithTheCodeOfTheCommandLine() throws Exception {
        JsonObject enrolment = json(call("POST", "/api/desktops/enrolment"));
        DesktopPeer agent = agentSocket();
        HandshakeAck ack =
                register(agent, new TestAgent("studio"), enrolment.get("code").getAsString());

        assertThat(ack.epoch()).isEqualTo(1);
        assertThat(ack.dbRegistered()).isTrue();
        assertThat(enrolment.get("pin").getAsString())
                .as("the authority in the chain that an agent sees")
                .isEqualTo("sha256:" + chain.keyHash(1));
        assertThat(commands(enrolment)).isNotEmpty().allSatisfy(command -> assertThat(command)
                .matches("\\./quickdrop agent --server wss://\\S+:" + server.port() + " --code "
                        + enrolment.get("code").getAsString() + " --pin sha256:[0-9a-f]{64}"));
        assertThat(desktops()).singleElement().satisfies(desktop -> {
            assertThat(desktop.get("clientId").getAsString()).isEqualTo("studio");
            assertThat(desktop.get("state").getAsString()).isEqualTo(DesktopClient.ONLINE);
            assertThat(desktop.get("fingerprint").getAsString()).hasSize(39);
        });
        assertThat(audit()).contains("desktop_code", "desktop_enrol").doesNotContain(code(enrolment));
    }

    @Test
    void theCommandLineOfTheTerminalWorksToo() throws Exception {
        String code = server.newAgentCommand().replaceAll(".*--code (\\S+).*", "$1");

        assertThat(register(agentSocket(), new TestAgent("studio"), code).epoch())
                .isEqualTo(1);
    }

    @Test
    void aSecondRegistrationSupersedesTheFirstUnderAHigherEpoch() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer first = agentSocket();
        register(first, studio, newCode());

        HandshakeAck again = register(agentSocket(), studio, null);

        assertThat(again.epoch()).isEqualTo(2);
        assertThat(first.closing().code()).isEqualTo(CloseCode.SUPERSEDED.code());
        assertThat(desktops()).singleElement().satisfies(desktop -> assertThat(
                        desktop.get("state").getAsString())
                .isEqualTo(DesktopClient.ONLINE));
    }

    @Test
    void theSignatureOfAnotherConnectionOpensNothing() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer first = agentSocket();
        Handshake overheard = studio.handshake(first.next(Challenge.class), chain.keyHash(0), newCode());
        first.send(overheard);
        first.next(HandshakeAck.class);

        DesktopPeer second = agentSocket();
        second.next(Challenge.class);
        second.send(overheard);

        assertThat(second.next(RegistrationFailed.class).error()).isEqualTo(RegistrationError.SIGNATURE_WRONG);
        assertThat(second.closing().code()).isEqualTo(CloseCode.POLICY.code());
    }

    @Test
    void anAgentThatOnlyKnocksMayDoNothing() throws Exception {
        DesktopPeer agent = agentSocket();
        agent.next(Challenge.class);

        for (String message : List.of(
                "{\"type\":\"start\",\"sessionId\":\"s\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1}",
                "{\"type\":\"subscribe_observer\"}",
                "{\"type\":\"get_desktop_clients\"}",
                "{\"type\":\"start_stream\",\"desktopClientId\":\"studio\"}",
                "{\"type\":\"desktop_command\",\"desktopClientId\":\"studio\",\"commandType\":\"screenshot\","
                        + "\"commandData\":{}}")) {
            agent.sendText(message);
            assertThat(agent.next(Problem.class).reason())
                    .as(message)
                    .matches("forbidden|not_registered|unknown_type:.*");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.getFileName().toString().startsWith(".")))
                    .as("nothing was recorded")
                    .isEmpty();
        }
    }

    @Test
    void anAgentThatSaysNothingIsSentAwayAfterFiveSeconds() throws Exception {
        DesktopPeer agent = agentSocket();
        agent.next(Challenge.class);
        Instant knocked = Instant.now();

        DesktopPeer.Closing closing = agent.closing();

        assertThat(Duration.between(knocked, closing.at())).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(7));
        assertThat(closing.code()).isIn(CloseCode.NOT_AUTHENTICATED.code(), CloseCode.NO_SIGN_OF_LIFE.code());
    }

    @Test
    void aPageCanNotPoseAsAnAgent() {
        assertThat(refusal("", Subprotocol.V2, "Authorization", "Agent", "Origin", "https://evil.example"))
                .isEqualTo(403);
        assertThat(refusal(
                        "", Subprotocol.V2, "Authorization", "Agent", "Origin", "https://localhost:" + server.port()))
                .as("not even one of this server's own")
                .isEqualTo(403);
        assertThat(refusal("", Subprotocol.V2)).as("neither agent nor page").isEqualTo(403);
        assertThat(refusal("?client_type=toaster", null)).isEqualTo(400);
    }

    // ---- approval

    @Test
    void theOperatorApprovesByFingerprintWhileTheDashboardWatches() throws Exception {
        DesktopPeer dashboard = pageSocket();
        dashboard.send(new SubscribeObserver());
        assertThat(dashboard.next(Snapshot.class).desktops()).isEmpty();
        DesktopPeer agent = agentSocket();
        agent.send(new TestAgent("studio").handshake(agent.next(Challenge.class), chain.keyHash(0), null));

        String fingerprint = agent.next(RegistrationPending.class).fingerprint();
        DesktopClient asks = dashboard.next(DesktopConnected.class).desktop();
        assertThat(asks.state()).isEqualTo(DesktopClient.PENDING);
        assertThat(asks.fingerprint()).isEqualTo(fingerprint);
        DesktopPeer late = pageSocket();
        late.send(new SubscribeObserver());
        assertThat(late.next(Snapshot.class).desktops())
                .extracting(DesktopClient::state)
                .containsExactly("pending");
        assertThat(list("/api/desktops/pending")).hasSize(1);

        assertThat(call("POST", "/api/desktops/pending/" + fingerprint + "/approve")
                        .statusCode())
                .isEqualTo(204);
        assertThat(agent.next(HandshakeAck.class).epoch()).isEqualTo(1);
        assertThat(dashboard.next(DesktopConnected.class).desktop().state()).isEqualTo(DesktopClient.ONLINE);
        assertThat(list("/api/desktops/pending")).isEmpty();
        assertThat(call("POST", "/api/desktops/pending/" + fingerprint + "/approve")
                        .statusCode())
                .isEqualTo(404);
        assertThat(audit()).contains("desktop_approve", fingerprint);
    }

    @Test
    void theOperatorRefuses() throws Exception {
        DesktopPeer dashboard = pageSocket();
        dashboard.send(new SubscribeObserver());
        dashboard.next(Snapshot.class);
        DesktopPeer agent = agentSocket();
        agent.send(new TestAgent("studio").handshake(agent.next(Challenge.class), chain.keyHash(0), null));
        String fingerprint = agent.next(RegistrationPending.class).fingerprint();

        assertThat(call("POST", "/api/desktops/pending/" + fingerprint + "/refuse")
                        .statusCode())
                .isEqualTo(204);

        assertThat(agent.next(RegistrationFailed.class).error()).isEqualTo(RegistrationError.REFUSED);
        assertThat(agent.closing().code()).isEqualTo(CloseCode.POLICY.code());
        assertThat(dashboard.next(DesktopDisconnected.class).removed()).isTrue();
        assertThat(desktops()).isEmpty();
    }

    @Test
    void whoGaveUpWaitingLeavesTheDashboard() throws Exception {
        DesktopPeer dashboard = pageSocket();
        dashboard.send(new SubscribeObserver());
        dashboard.next(Snapshot.class);
        DesktopPeer agent = agentSocket();
        agent.send(new TestAgent("studio").handshake(agent.next(Challenge.class), chain.keyHash(0), null));
        agent.next(RegistrationPending.class);

        agent.hangUp();

        assertThat(dashboard.next(DesktopDisconnected.class)).isEqualTo(new DesktopDisconnected("studio", true));
        Awaitility.await()
                .untilAsserted(() -> assertThat(list("/api/desktops/pending")).isEmpty());
    }

    // ---- revocation

    @Test
    void aRevokedDesktopIsOutWithinASecondAndStaysOut() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer agent = agentSocket();
        register(agent, studio, newCode());
        DesktopPeer dashboard = pageSocket();
        dashboard.send(new SubscribeObserver());
        assertThat(dashboard.next(Snapshot.class).desktops()).hasSize(1);

        Instant asked = Instant.now();
        assertThat(call("DELETE", "/api/desktops/studio").statusCode()).isEqualTo(204);
        DesktopPeer.Closing closing = agent.closing();

        assertThat(closing.code()).isEqualTo(CloseCode.FORBIDDEN.code());
        assertThat(Duration.between(asked, closing.at())).isLessThan(Duration.ofSeconds(1));
        assertThat(dashboard.next(DesktopDisconnected.class)).isEqualTo(new DesktopDisconnected("studio", true));
        assertThat(desktops()).isEmpty();
        assertThat(call("DELETE", "/api/desktops/studio").statusCode()).isEqualTo(404);
        assertThat(failure(studio, null)).isEqualTo(RegistrationError.REVOKED);
        server.close();
        server = QuickDropServer.start(new ServerSettings(0, folder, Set.of(), false, true));
        assertThat(failure(studio, null)).as("after a restart").isEqualTo(RegistrationError.REVOKED);
        DesktopPeer back = agentSocket();
        assertThat(register(back, studio, newCode()).epoch()).as("epochs go on").isEqualTo(2);
        assertThat(audit()).contains("desktop_revoke");
    }

    @Test
    void registrationsOutliveARestart() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer agent = agentSocket();
        register(agent, studio, newCode());
        server.close();

        server = QuickDropServer.start(new ServerSettings(0, folder, Set.of(), false, true));

        assertThat(desktops()).singleElement().satisfies(desktop -> {
            assertThat(desktop.get("state").getAsString()).isEqualTo(DesktopClient.OFFLINE);
            assertThat(desktop.get("fingerprint").getAsString()).hasSize(39);
        });
        assertThat(register(agentSocket(), studio, null).epoch()).isEqualTo(2);
    }

    // ---- watching

    @Test
    void theOperatorWatchesAndThatIsNoted() throws Exception {
        register(agentSocket(), new TestAgent("studio"), newCode());
        DesktopPeer viewer = pageSocket();
        handshake(viewer);

        viewer.send(new GetDesktopClients());
        assertThat(viewer.next(DesktopClientsList.class).clients())
                .extracting(DesktopClient::clientId)
                .containsExactly("studio");
        viewer.send(new StartStream("studio", null, null));
        viewer.send(new DesktopCommand("studio", "screenshot", new JsonObject(), "k"));
        viewer.hangUp();

        Awaitility.await().untilAsserted(() -> assertThat(audit())
                .contains("\"desktop_watch\"", "\"desktop_command\"", "\"desktop_unwatch\""));
    }

    @Test
    void aPairedPhoneMayNeitherWatchNorControl() throws Exception {
        register(agentSocket(), new TestAgent("studio"), newCode());
        DesktopPeer phone = connect(
                "",
                Subprotocol.V2 + "," + Subprotocol.TOKEN_PREFIX + pairedKey(),
                "Origin",
                "https://localhost:" + server.port());

        phone.send(new GetDesktopClients());
        assertThat(phone.next(Problem.class).reason()).isEqualTo("forbidden");
        phone.send(new StartStream("studio", null, null));
        assertThat(phone.next(Problem.class).reason()).isEqualTo("forbidden");
        phone.send(new DesktopCommand("studio", "stop_capture", new JsonObject(), null));
        assertThat(phone.next(Problem.class).reason()).isEqualTo("forbidden");
        assertThat(audit()).doesNotContain("desktop_watch").doesNotContain("desktop_command");
    }

    @Test
    void anOldDesktopIsServedOnLoopbackButNotUnderAnEnrolledName() throws Exception {
        register(agentSocket(), new TestAgent("studio"), newCode());
        DesktopPeer old = connect("?client_type=desktop&client_id=old-1", null);
        old.sendText("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"old-1\"}}");
        Awaitility.await().untilAsserted(() -> assertThat(desktops()).hasSize(2));

        DesktopPeer impostor = connect("?client_type=desktop&client_id=studio", null);
        assertThat(impostor.closing().code()).isEqualTo(CloseCode.POLICY.code());
        assertThat(desktops())
                .filteredOn(desktop -> desktop.get("clientId").getAsString().equals("studio"))
                .singleElement()
                .satisfies(desktop ->
                        assertThat(desktop.get("generation").getAsInt()).isEqualTo(2));
    }

    @Test
    void aScreenshotThatIsNotThereIsNotFound() throws Exception {
        assertThat(call("GET", "/api/desktops/studio/screenshots/none").statusCode())
                .isEqualTo(404);
    }

    // ---- what the tests do

    private DesktopPeer connect(String query, @Nullable String subprotocol, String... headers)
            throws DesktopPeer.Refused {
        return DesktopPeer.connect(client, server.port(), query, subprotocol, headers);
    }

    private DesktopPeer agentSocket() throws DesktopPeer.Refused {
        return connect("", Subprotocol.V2, "Authorization", "Agent");
    }

    private DesktopPeer pageSocket() throws DesktopPeer.Refused {
        return connect("", Subprotocol.V2, "Origin", "https://localhost:" + server.port());
    }

    private int refusal(String query, @Nullable String subprotocol, String... headers) {
        DesktopPeer.Refused[] refused = new DesktopPeer.Refused[1];
        assertThatThrownBy(() -> connect(query, subprotocol, headers))
                .isInstanceOfSatisfying(DesktopPeer.Refused.class, found -> refused[0] = found);
        return refused[0].status;
    }

    private HandshakeAck register(DesktopPeer socket, TestAgent agent, @Nullable String code) throws Exception {
        socket.send(agent.handshake(socket.next(Challenge.class), chain.keyHash(0), code));
        return socket.next(HandshakeAck.class);
    }

    private String failure(TestAgent agent, @Nullable String code) throws Exception {
        DesktopPeer socket = agentSocket();
        socket.send(agent.handshake(socket.next(Challenge.class), chain.keyHash(0), code));
        String error = socket.next(RegistrationFailed.class).error();
        assertThat(socket.closing().code()).isEqualTo(CloseCode.POLICY.code());
        return error;
    }

    private static void handshake(DesktopPeer viewer) throws InterruptedException {
        viewer.send(new Handshake(
                new ClientInfo(ClientInfo.WEB, "page", null, null, List.of(), List.of("jpeg", "png"), List.of()),
                null,
                null,
                null));
        assertThat(viewer.next(HandshakeAck.class).dbRegistered()).isFalse();
    }

    private HttpResponse<byte[]> call(String method, String path) throws Exception {
        return DesktopPeer.call(client, server.port(), method, path);
    }

    private static JsonObject json(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return JsonParser.parseString(new String(response.body(), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    private String newCode() throws Exception {
        return code(json(call("POST", "/api/desktops/enrolment")));
    }

    private static String code(JsonObject enrolment) {
        return enrolment.get("code").getAsString();
    }

    private static List<String> commands(JsonObject enrolment) {
        List<String> commands = new ArrayList<>();
        JsonArray addresses = enrolment.getAsJsonArray("addresses");
        for (JsonElement address : addresses) {
            commands.add(address.getAsJsonObject().get("command").getAsString());
        }
        return commands;
    }

    private List<JsonObject> desktops() throws Exception {
        return list("/api/desktops");
    }

    private List<JsonObject> list(String path) throws Exception {
        List<JsonObject> found = new ArrayList<>();
        json(call("GET", path)).getAsJsonArray("desktops").forEach(each -> found.add(each.getAsJsonObject()));
        return found;
    }

    private String pairedKey() throws Exception {
        String secret = server.newPairingUrl().replaceAll(".*#pair=", "");
        var request = java.net.http.HttpRequest.newBuilder(
                        java.net.URI.create("https://localhost:" + server.port() + "/api/pair"))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                        "{\"secret\":\"" + secret + "\",\"name\":\"Pixel 8\"}"))
                .header("Origin", "https://localhost:" + server.port())
                .build();
        return json(client.send(request, HttpResponse.BodyHandlers.ofByteArray()))
                .get("key")
                .getAsString();
    }

    private String audit() throws Exception {
        return Files.readString(folder.resolve(".quickdrop/audit.log"));
    }
}
