package io.quickdrop.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.LinkMessage.Hello;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.ObserverMessage.RecordingRemoved;
import io.quickdrop.protocol.ObserverMessage.RecordingStarted;
import io.quickdrop.protocol.ObserverMessage.RecordingUpdated;
import io.quickdrop.protocol.ObserverMessage.Session;
import io.quickdrop.protocol.ObserverMessage.Snapshot;
import io.quickdrop.protocol.ObserverMessage.SubscribeObserver;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.End;
import io.quickdrop.protocol.UploadMessage.Progress;
import io.quickdrop.protocol.UploadMessage.Resume;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.protocol.UploadMessage.Start;
import io.quickdrop.protocol.UploadMessage.Started;
import io.quickdrop.server.catalogue.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL: an uploader that comes to the wrong one. */
final class SharedUploadsTest {
    private static final SessionId S = new SessionId("session");
    private static final Description DESCRIPTION = new Description("video/webm", "webm", "kitchen", 0, null, null);

    private HttpClient client;
    private final List<QuickDropServer> running = new ArrayList<>();
    private String database;
    private Path folder;

    @BeforeEach
    void makeDatabase(@TempDir Path temporary) throws Exception {
        client = DesktopPeer.client(new DesktopPeer.Chain());
        folder = temporary;
        database = TestPostgres.shared().newDatabase();
    }

    @AfterEach
    void stop() {
        running.forEach(QuickDropServer::close);
    }

    private QuickDropServer start(String name, String output, boolean shared) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ServerSettings settings = new ServerSettings(port, folder.resolve(output), Set.of(), false, true)
                .with(new ClusterSettings(
                        database,
                        URI.create("https://127.0.0.1:" + port),
                        name,
                        folder.resolve("data-" + name),
                        shared,
                        null));
        QuickDropServer server = QuickDropServer.start(settings);
        running.add(server);
        return server;
    }

    private DesktopPeer phone(QuickDropServer server) throws Exception {
        DesktopPeer phone = DesktopPeer.connect(
                client, server.port(), "", Subprotocol.V2, "Origin", "https://localhost:" + server.port());
        phone.next(Hello.class);
        return phone;
    }

    private static void send(DesktopPeer phone, long offset, String text) {
        ByteBuffer frame =
                Chunk.of(offset, ByteBuffer.wrap(text.getBytes(UTF_8))).encode();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        phone.sendBinary(bytes);
    }

    @Test
    void aPhoneAtTheWrongServerIsPutThroughToTheOneThatHasItsSession() throws Exception {
        QuickDropServer a = start("a", "out-a", false);
        QuickDropServer b = start("b", "out-b", false);
        DesktopPeer first = phone(a);
        first.send(new Start(S, DESCRIPTION, false));
        first.next(Started.class);
        send(first, 0, "by the first way, ");
        assertThat(first.next(Progress.class).bytes()).isEqualTo(18);
        first.hangUp();

        DesktopPeer second = phone(b);
        second.send(new Resume(S, DESCRIPTION));
        send(second, 18, "by the other");
        Started started = second.next(Started.class);
        assertThat(started.bytes()).isEqualTo(18);
        assertThat(started.resumed()).isTrue();
        assertThat(second.next(Progress.class).bytes()).isEqualTo(30);
        second.send(new End(S, 30, 2L, null, null, false));
        Saved saved = second.next(Saved.class);

        assertThat(Files.readString(folder.resolve("out-a").resolve(saved.fileName())))
                .isEqualTo("by the first way, by the other");
        assertThat(folder.resolve("out-b").resolve(saved.fileName())).doesNotExist();
        second.send(new Start(new SessionId("next"), DESCRIPTION, false));
        assertThat(second.next(Started.class).sessionId().value())
                .as("a new one is the server's own")
                .isEqualTo("next");
        send(second, 0, "here");
        assertThat(second.next(Progress.class).bytes()).isEqualTo(4);
    }

    @Test
    void aLostServersSessionGoesOnInTheCommonFolder() throws Exception {
        QuickDropServer a = start("a", "common", true);
        QuickDropServer b = start("b", "common", true);
        DesktopPeer phone = phone(b);
        DesktopPeer first = phone(a);
        first.send(new Start(S, DESCRIPTION, false));
        first.next(Started.class);
        send(first, 0, "acknowledged ");
        first.next(Progress.class);
        first.hangUp();
        phone.send(new Resume(S, DESCRIPTION));
        assertThat(phone.next(Started.class).bytes()).isEqualTo(13);

        a.close();

        assertThat(phone.closing().reason()).contains("the server a");
        DesktopPeer again = phone(b);
        again.send(new Resume(S, DESCRIPTION));
        assertThat(again.next(Started.class).bytes()).isEqualTo(13);
        send(again, 13, "by both");
        again.next(Progress.class);
        again.send(new End(S, 20, 2L, null, null, false));
        Saved saved = again.next(Saved.class);
        assertThat(Files.readString(folder.resolve("common").resolve(saved.fileName())))
                .isEqualTo("acknowledged by both");
    }

    @Test
    void aLostServersSessionElsewhereIsSaidToWait() throws Exception {
        QuickDropServer a = start("a", "out-a", false);
        QuickDropServer b = start("b", "out-b", false);
        DesktopPeer first = phone(a);
        first.send(new Start(S, DESCRIPTION, false));
        first.next(Started.class);
        send(first, 0, "acknowledged");
        first.next(Progress.class);
        a.close();

        DesktopPeer phone = phone(b);
        phone.send(new Resume(S, DESCRIPTION));
        send(phone, 12, "more");

        Problem problem = phone.next(Problem.class);
        assertThat(problem.reason()).isEqualTo("storage_failed");
        assertThat(problem.detail()).contains("the server a, which is away", "12 bytes are safe");
    }

    @Test
    void anyDashboardShowsAndServesWhatAnotherServerHas() throws Exception {
        QuickDropServer a = start("a", "out-a", false);
        QuickDropServer b = start("b", "out-b", false);
        DesktopPeer dashboard =
                DesktopPeer.connect(client, b.port(), "", Subprotocol.V2, "Origin", "https://localhost:" + b.port());
        dashboard.send(new SubscribeObserver());
        assertThat(dashboard.next(Snapshot.class).recordings()).isEmpty();
        DesktopPeer phone = phone(a);
        phone.send(new Start(S, DESCRIPTION, false));
        phone.next(Started.class);
        send(phone, 0, "0123456789");
        phone.next(Progress.class);
        Session arriving = dashboard.next(RecordingStarted.class).session();
        assertThat(arriving.sessionId()).isEqualTo(S);
        assertThat(arriving.instance()).isNotNull();
        assertThat(arriving.instance().name()).isEqualTo("a");
        phone.send(new End(S, 10, 1L, null, null, false));
        Saved saved = phone.next(Saved.class);

        Recording shown = dashboard.next(RecordingUpdated.class).recording();
        assertThat(shown.id()).isEqualTo(S);
        assertThat(shown.instance()).isNotNull();
        assertThat(shown.instance().name()).isEqualTo("a");
        assertThat(shown.path()).isNull();
        HttpResponse<byte[]> part = call(b, "GET", "/api/recordings/session/content", null, "Range", "bytes=2-5");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(new String(part.body(), UTF_8)).isEqualTo("2345");
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 2-5/10");
        HttpResponse<byte[]> head = call(b, "HEAD", "/api/recordings/session/content", null);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(10);
        assertThat(call(b, "DELETE", "/api/recordings/session", null).statusCode())
                .isEqualTo(200);
        assertThat(folder.resolve("out-a").resolve(saved.fileName())).doesNotExist();
        assertThat(dashboard.next(RecordingRemoved.class).id()).isEqualTo(S);
        assertThat(call(b, "POST", "/api/recordings/session/restore", "").statusCode())
                .isEqualTo(200);
        assertThat(folder.resolve("out-a").resolve(saved.fileName())).exists();

        a.close();
        HttpResponse<byte[]> away = call(b, "GET", "/api/recordings/session/content", null);
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(new String(away.body(), UTF_8)).contains("the server a, which is away");
    }

    @Test
    void contentOfAnotherServerIsNoLongerThanWhatItIs() throws Exception {
        QuickDropServer a = start("a", "out-a", false);
        QuickDropServer b = start("b", "out-b", false);
        byte[] content = new byte[20 << 20];
        new Random(7).nextBytes(content);
        HttpResponse<byte[]> put = client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + a.port() + "/api/uploads/large"))
                        .header("Origin", "https://localhost:" + a.port())
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(put.statusCode()).isEqualTo(200);

        assertThat(call(b, "GET", "/api/recordings/large/content", null).body()).isEqualTo(content);
    }

    @Test
    void anUploadOverHttpsIsRedirectedAndAPagesIsPutThrough() throws Exception {
        QuickDropServer a = start("a", "out-a", false);
        QuickDropServer b = start("b", "out-b", false);
        DesktopPeer first = phone(a);
        first.send(new Start(S, DESCRIPTION, false));
        first.next(Started.class);
        send(first, 0, "by WebSocket, ");
        first.next(Progress.class);
        first.hangUp();

        HttpResponse<byte[]> redirect = client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + b.port() + "/api/uploads/session"))
                        .header("Authorization", "Bearer " + b.operatorToken().value())
                        .method("PATCH", HttpRequest.BodyPublishers.ofString("by a program"))
                        .header("Content-Type", "application/partial-upload")
                        .header("Upload-Offset", "14")
                        .header("Upload-Complete", "?1")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(redirect.statusCode()).isEqualTo(307);
        assertThat(redirect.headers().firstValue("Location"))
                .contains("https://127.0.0.1:" + a.port() + "/api/uploads/session");

        HttpResponse<byte[]> look = call(b, "HEAD", "/api/uploads/session", null);
        assertThat(look.headers().firstValue("Upload-Offset")).contains("14");
        HttpResponse<byte[]> page = call(
                b,
                "PATCH",
                "/api/uploads/session",
                "by a page",
                "Content-Type",
                "application/partial-upload",
                "Upload-Offset",
                "14",
                "Upload-Complete",
                "?1");
        assertThat(page.statusCode()).as(new String(page.body(), UTF_8)).isEqualTo(200);
        assertThat(page.headers().firstValue("Upload-Complete")).contains("?1");
        assertThat(call(b, "GET", "/api/recordings/session/content", null).body())
                .asString(UTF_8)
                .isEqualTo("by WebSocket, by a page");
    }

    private HttpResponse<byte[]> call(
            QuickDropServer server, String method, String path, @Nullable String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Origin", "https://localhost:" + server.port());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
