package io.quickdrop.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.LinkMessage.Hello;
import io.quickdrop.protocol.LinkMessage.Problem;
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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
}
