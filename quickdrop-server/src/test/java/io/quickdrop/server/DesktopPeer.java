package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A WebSocket to a server under test, which says what an agent or a viewer says, and remembers what comes back. */
final class DesktopPeer implements WebSocket.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What came, in order; the end is the last. */
    private sealed interface Heard {
        record Text(Message message) implements Heard {}

        record Other() implements Heard {}

        record Closed(int code, String reason, Instant at) implements Heard {}
    }

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket socket;

    /** How the upgrade was refused. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        /** Of HTTP. */
        final int status;

        Refused(int status) {
            super("refused with " + status);
            this.status = status;
        }
    }

    /** Accepts any certificate and remembers the chain, as an agent does that pins at enrolment. */
    static final class Chain extends X509ExtendedTrustManager {
        volatile X509Certificate @Nullable [] shown;

        /** SHA-256 of the public key of the certificate at {@code place}, hex. */
        String keyHash(int place) throws GeneralSecurityException {
            X509Certificate[] chain = shown;
            if (chain == null) {
                throw new IllegalStateException("no handshake yet");
            }
            byte[] key = chain[place].getPublicKey().getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            shown = chain;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            shown = chain;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            shown = chain;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    static HttpClient client(Chain chain) throws GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {chain}, null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    /** An upgrade with these headers, given as name and value in turns. */
    static DesktopPeer connect(
            HttpClient client, int port, String query, @Nullable String subprotocol, String... headers) throws Refused {
        DesktopPeer peer = new DesktopPeer();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        if (subprotocol != null) {
            String[] names = subprotocol.split(",", -1);
            builder.subprotocols(names[0], Arrays.copyOfRange(names, 1, names.length));
        }
        try {
            peer.socket = builder.buildAsync(URI.create("wss://localhost:" + port + "/ws" + query), peer)
                    .join();
            return peer;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new Refused(refused.getResponse().statusCode());
            }
            throw e;
        }
    }

    /** A call of the API as a page of the server's own, on loopback. */
    static HttpResponse<byte[]> call(HttpClient client, int port, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Origin", "https://localhost:" + port)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    void send(Message message) {
        sendText(TextCodec.encode(message));
    }

    void sendText(String json) {
        open().sendText(json, true).join();
    }

    void sendBinary(byte[] bytes) {
        open().sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    /** The next message of this kind; others before it are skipped. */
    <T extends Message> T next(Class<T> kind) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (true) {
            Heard one = heard.poll(Duration.between(Instant.now(), until).toMillis(), TimeUnit.MILLISECONDS);
            assertThat(one)
                    .as("waiting for a %s", kind.getSimpleName())
                    .isNotNull()
                    .isNotInstanceOf(Heard.Closed.class);
            if (one instanceof Heard.Text said && kind.isInstance(said.message)) {
                return kind.cast(said.message);
            }
        }
    }

    /** The code of the close, and when it came; whatever came before is skipped. */
    Closing closing() throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (true) {
            Heard one = heard.poll(Duration.between(Instant.now(), until).toMillis(), TimeUnit.MILLISECONDS);
            assertThat(one).as("waiting for the close").isNotNull();
            if (one instanceof Heard.Closed closed) {
                return new Closing(closed.code, closed.reason, closed.at);
            }
        }
    }

    /** How a connection ended. */
    record Closing(int code, String reason, Instant at) {}

    void hangUp() {
        open().abort();
    }

    private WebSocket open() {
        WebSocket opened = socket;
        if (opened == null) {
            throw new IllegalStateException("not connected");
        }
        return opened;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            String whole = text.toString();
            text.setLength(0);
            Decoded<Message> decoded = TextCodec.decode(whole);
            // What only v1 knows is not decoded here.
            heard.add(
                    decoded instanceof Decoded.Accepted<Message> accepted
                            ? new Heard.Text(accepted.value())
                            : new Heard.Other());
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        heard.add(new Heard.Other());
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        heard.add(new Heard.Closed(code, reason, Instant.now()));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        heard.add(new Heard.Closed(1006, String.valueOf(error), Instant.now()));
    }
}
