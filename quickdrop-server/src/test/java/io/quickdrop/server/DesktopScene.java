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
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ObserverMessage.Snapshot;
import io.quickdrop.protocol.ObserverMessage.SubscribeObserver;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.server.desktops.TestAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server over TLS on loopback, and what tests do with it as agents, pages and the operator. */
final class DesktopScene implements AutoCloseable {
    private final Path folder;
    private final ClusterSettings cluster;
    private final DesktopPeer.Chain chain = new DesktopPeer.Chain();
    private final HttpClient client;
    private QuickDropServer server;

    DesktopScene(Path folder) throws Exception {
        this(folder, ClusterSettings.alone());
    }

    /** One of several. */
    DesktopScene(Path folder, ClusterSettings cluster) throws Exception {
        this.folder = folder;
        this.cluster = cluster;
        this.client = DesktopPeer.client(chain);
        this.server = started();
    }

    private QuickDropServer started() throws StartFailure {
        return QuickDropServer.start(new ServerSettings(0, folder, Set.of(), false, true).with(cluster));
    }

    /** The server stops, and another one goes on with its folder. */
    void restart() throws StartFailure {
        server.close();
        server = started();
    }

    QuickDropServer server() {
        return server;
    }

    /** Trusts the server. */
    HttpClient client() {
        return client;
    }

    /** The hash of the public key at this place in the chain that the server showed. */
    String keyHash(int place) throws Exception {
        return chain.keyHash(place);
    }

    @Override
    public void close() {
        server.close();
    }

    /** An upgrade with these headers, given as name and value in turns. */
    DesktopPeer connect(String query, @Nullable String subprotocol, String... headers) throws DesktopPeer.Refused {
        return DesktopPeer.connect(client, server.port(), query, subprotocol, headers);
    }

    /** An agent that only knocked. */
    DesktopPeer agentSocket() throws DesktopPeer.Refused {
        return connect("", Subprotocol.V2, "Authorization", "Agent");
    }

    /** A page of the server's own, on its machine: the operator's. */
    DesktopPeer pageSocket() throws DesktopPeer.Refused {
        return connect("", Subprotocol.V2, "Origin", "https://localhost:" + server.port());
    }

    /** The HTTP status that an upgrade is refused with. */
    int refusal(String query, @Nullable String subprotocol, String... headers) {
        DesktopPeer.Refused[] refused = new DesktopPeer.Refused[1];
        assertThatThrownBy(() -> connect(query, subprotocol, headers))
                .isInstanceOfSatisfying(DesktopPeer.Refused.class, found -> refused[0] = found);
        return refused[0].status;
    }

    /** Answers the challenge, and is registered. */
    HandshakeAck register(DesktopPeer socket, TestAgent agent, @Nullable String code) throws Exception {
        answer(socket, agent, code);
        return socket.next(HandshakeAck.class);
    }

    /** Connects and answers the challenge, and is refused with this error. */
    String failure(TestAgent agent, @Nullable String code) throws Exception {
        DesktopPeer socket = agentSocket();
        answer(socket, agent, code);
        String error = socket.next(RegistrationFailed.class).error();
        assertThat(socket.closing().code()).isEqualTo(CloseCode.POLICY.code());
        return error;
    }

    /** Introduces a viewer. */
    static void handshake(DesktopPeer viewer) throws InterruptedException {
        viewer.send(new Handshake(
                new ClientInfo(ClientInfo.WEB, "page", null, null, List.of(), List.of("jpeg", "png"), List.of()),
                null,
                null,
                null));
        assertThat(viewer.next(HandshakeAck.class).dbRegistered()).isFalse();
    }

    HttpResponse<byte[]> call(String method, String path) throws Exception {
        return DesktopPeer.call(client, server.port(), method, path);
    }

    static JsonObject json(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return JsonParser.parseString(new String(response.body(), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    /** The status of a call with this token. */
    int statusFor(String token, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
                .header("Authorization", "Bearer " + token)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    String newCode() throws Exception {
        return code(json(call("POST", "/api/desktops/enrolment")));
    }

    static String code(JsonObject enrolment) {
        return enrolment.get("code").getAsString();
    }

    static List<String> commands(JsonObject enrolment) {
        List<String> commands = new ArrayList<>();
        JsonArray addresses = enrolment.getAsJsonArray("addresses");
        for (JsonElement address : addresses) {
            commands.add(address.getAsJsonObject().get("command").getAsString());
        }
        return commands;
    }

    List<JsonObject> desktops() throws Exception {
        return list("/api/desktops");
    }

    /** The desktops that a call answers. */
    List<JsonObject> list(String path) throws Exception {
        List<JsonObject> found = new ArrayList<>();
        json(call("GET", path)).getAsJsonArray("desktops").forEach(each -> found.add(each.getAsJsonObject()));
        return found;
    }

    /** The key of a phone that has just been paired. */
    String pairedKey() throws Exception {
        String secret = server.newPairingUrl().replaceAll(".*#pair=", "");
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/api/pair"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"secret\":\"" + secret + "\",\"name\":\"Pixel 8\"}"))
                .header("Origin", "https://localhost:" + server.port())
                .build();
        return json(client.send(request, HttpResponse.BodyHandlers.ofByteArray()))
                .get("key")
                .getAsString();
    }

    String audit() throws Exception {
        return Files.readString(folder.resolve(".quickdrop/audit.log"));
    }

    /** Answers the challenge; what comes of it is the caller's to hear. */
    void answer(DesktopPeer socket, TestAgent agent, @Nullable String code) throws Exception {
        socket.send(agent.handshake(socket.next(Challenge.class), chain.keyHash(0), code));
    }

    /** A dashboard that has its snapshot. */
    DesktopPeer dashboard() throws Exception {
        DesktopPeer dashboard = pageSocket();
        dashboard.send(new SubscribeObserver());
        dashboard.next(Snapshot.class);
        return dashboard;
    }
}
