package io.quickdrop.server.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.websocket.Ending;
import io.quickdrop.websocket.WebSocketConnector;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.java_websocket.handshake.ClientHandshake;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class WebSocketConnectorTest {
    private final InMemoryRecordingStore store = new InMemoryRecordingStore(Clock.systemUTC());
    private final RecordedEvents events = new RecordedEvents();

    @Test
    void itConnectsOverTlsToAHostThatTheCertificateNames(@TempDir Path data) throws Exception {
        SSLContext tls = TestTls.server(data, "localhost");
        try (TestServer server = new TestServer(store, 0, tls, "secret")) {
            SSLContext trust = ServerTrust.only(data.resolve("tls/ca.crt"));
            connect("wss://localhost:" + server.port() + "/ws", trust, "secret");

            Connection connection = events.opened.get(20, TimeUnit.SECONDS);
            await().until(() -> !events.texts.isEmpty());

            assertThat(events.texts.get(0)).contains("\"type\":\"hello\"");
            ClientHandshake asked = server.lastHandshake();
            assertThat(asked.getFieldValue("Sec-WebSocket-Protocol")).isEqualTo("quickdrop.v2");
            assertThat(asked.getFieldValue("Authorization")).isEqualTo("Bearer secret");
            assertThat(asked.getFieldValue("Host")).isEqualTo("localhost:" + server.port());
            assertThat(asked.getFieldValue("Origin")).isEqualTo("https://localhost:" + server.port());
            assertThat(asked.hasFieldValue("Sec-WebSocket-Extensions")).isFalse();

            connection.close(CloseCode.NORMAL.code(), "done");
            assertThat(events.ended.get(10, TimeUnit.SECONDS).code()).isEqualTo(1000);
            assertThat(connection.pendingBytes()).isZero();
            connection.sendText("too late");
            connection.sendBinary(ByteBuffer.allocate(1));
            connection.sendPing();
            connection.close(1000, "again");
        }
    }

    @Test
    void aCertificateThatNamesAnotherHostIsRefused(@TempDir Path data) throws Exception {
        SSLContext tls = TestTls.server(data, "127.0.0.1");
        try (TestServer server = new TestServer(store, 0, tls, null)) {
            connect("wss://localhost:" + server.port() + "/ws", ServerTrust.only(data.resolve("tls/ca.crt")), null);

            assertThat(events.ended.get(20, TimeUnit.SECONDS).code()).isEqualTo(WebSocketConnector.CERTIFICATE_REFUSED);
            assertThat(events.opened).isNotDone();
        }
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused(@TempDir Path data) throws Exception {
        SSLContext tls = TestTls.server(data, "localhost");
        try (TestServer server = new TestServer(store, 0, tls, null)) {
            connect("wss://localhost:" + server.port() + "/ws", null, null);

            assertThat(events.ended.get(20, TimeUnit.SECONDS).code()).isEqualTo(WebSocketConnector.CERTIFICATE_REFUSED);
        }
    }

    @Test
    void anUnreachableServerMayBeTriedAgain() throws Exception {
        int freePort;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            freePort = taken.getLocalPort();
        }
        connect("ws://localhost:" + freePort + "/ws", null, null);

        Ending ending = events.ended.get(20, TimeUnit.SECONDS);
        assertThat(ending.code()).isEqualTo(1006);
        assertThat(ending.reason()).contains("nobody answers there");
    }

    @Test
    void aHostThatDoesNotExistMayBeTriedAgain() throws Exception {
        connect("ws://quickdrop.invalid:8443/ws", null, null);

        assertThat(events.ended.get(20, TimeUnit.SECONDS)).isEqualTo(new Ending(1006, "no such host"));
    }

    @ParameterizedTest
    @CsvSource({"401, 4401", "403, 4403", "404, 1008", "421, 1008", "429, 1006", "500, 1006", "503, 1006"})
    void anHttpRefusalIsFinalUnlessItMayPass(int status, int code) throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.answer(socket, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
        })) {
            connect("ws://localhost:" + server.port() + "/ws", null, null);

            Ending ending = events.ended.get(20, TimeUnit.SECONDS);
            assertThat(ending.code()).isEqualTo(code);
            assertThat(ending.reason()).contains("HTTP status " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({"ws", "wss"})
    void aServerThatNeverAnswersIsGivenUp(String scheme) throws Exception {
        try (RawServer server = new RawServer(socket -> {})) {
            new WebSocketConnector(
                            URI.create(scheme + "://localhost:" + server.port() + "/ws"),
                            null,
                            null,
                            Duration.ofMillis(300))
                    .connect(events);

            assertThat(events.ended.get(20, TimeUnit.SECONDS).code()).isEqualTo(1006);
            assertThat(server.accepted.take().getInputStream().readAllBytes())
                    .as("the socket is closed, so that this ends")
                    .isNotNull();
        }
    }

    @Test
    void aCutIsToldOnce() throws Exception {
        try (RawServer server = new RawServer(RawServer::upgrade)) {
            connect("ws://localhost:" + server.port() + "/ws", null, null);
            events.opened.get(20, TimeUnit.SECONDS);

            server.accepted.take().close();

            assertThat(events.ended.get(10, TimeUnit.SECONDS).code()).isEqualTo(1006);
            assertThat(events.endings).hasSize(1);
        }
    }

    @Test
    void pendingBytesAreThoseThatThePeerHasNotTaken() throws Exception {
        try (RawServer server = new RawServer(RawServer::upgrade)) {
            connect("ws://localhost:" + server.port() + "/ws", null, null);
            Connection connection = events.opened.get(20, TimeUnit.SECONDS);
            await().until(() -> connection.pendingBytes() == 0);

            for (int i = 0; i < 512; i++) {
                connection.sendBinary(ByteBuffer.allocate(64 << 10));
            }
            await().until(() -> connection.pendingBytes() > 16 << 20);
            await().during(Duration.ofMillis(300)).until(() -> connection.pendingBytes() > 16 << 20);

            InputStream in = server.accepted.take().getInputStream();
            Thread reader = new Thread(() -> drain(in));
            reader.setDaemon(true);
            reader.start();
            await().until(() -> connection.pendingBytes() == 0);
        }
    }

    @Test
    void closingFreesTheSocketOfAPeerThatNeitherReadsNorAnswers() throws Exception {
        try (RawServer server = new RawServer(RawServer::upgrade)) {
            connect("ws://localhost:" + server.port() + "/ws", null, null);
            Connection connection = events.opened.get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 256; i++) {
                connection.sendBinary(ByteBuffer.allocate(64 << 10));
            }
            Socket peer = server.accepted.take();

            connection.close(4408, "no sign of life");

            assertThat(events.ended.get(10, TimeUnit.SECONDS)).isNotNull();
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> peer.getOutputStream().write(new byte[1000]))
                    .as("our socket is gone")
                    .isInstanceOf(java.io.IOException.class));
        }
    }

    @Test
    void pausedReadingHoldsMessagesBack() throws Exception {
        RecordedEvents pausing = new RecordedEvents() {
            @Override
            public void text(String text) {
                if (text.equals("one")) {
                    opened.join().pauseReading(); // on the reading thread: nothing is being read now
                }
                super.text(text);
            }
        };
        try (RawServer server = new RawServer(RawServer::upgrade)) {
            new WebSocketConnector(URI.create("ws://localhost:" + server.port() + "/ws"), null, null).connect(pausing);
            Socket peer = server.accepted.take();
            Connection connection = pausing.opened.get(20, TimeUnit.SECONDS);
            peer.getOutputStream().write(text("one"));
            await().until(() -> pausing.texts.contains("one"));

            peer.getOutputStream().write(text("two"));
            await().during(Duration.ofMillis(300)).until(() -> pausing.texts.size() == 1);
            connection.resumeReading();

            await().until(() -> pausing.texts.size() == 2);
        }
    }

    private void connect(String endpoint, @Nullable SSLContext trust, @Nullable String token) {
        new WebSocketConnector(URI.create(endpoint), trust, token).connect(events);
    }

    private static byte[] text(String content) {
        byte[] frame = new byte[2 + content.length()];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) content.length();
        System.arraycopy(content.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, frame, 2, content.length());
        return frame;
    }

    private static void drain(InputStream in) {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.io.IOException closed) {
            // the test is over
        }
    }
}
