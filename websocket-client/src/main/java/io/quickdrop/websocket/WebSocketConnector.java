package io.quickdrop.websocket;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Limits;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSocket connections to a QuickDrop server with the Java-WebSocket client: subprotocol {@code quickdrop.v2},
 * host name verified, no compression, bounded frames, and a bound on every step of connecting.
 *
 * <p>Safe on any thread; every connection has two daemon threads of its own.
 */
public final class WebSocketConnector implements Connector {
    /**
     * Close code of a connection that was never made since the server's certificate is not to be trusted. Reserved for
     * that by RFC 6455 section 7.4.1; it never goes over the wire. Trying again would not help.
     */
    public static final int CERTIFICATE_REFUSED = 1015;

    /** A laptop on the same network answers sooner, or never. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** Between instances: within a data centre; what takes longer is retried. */
    private static final Duration INSTANCE_TIMEOUT = Duration.ofSeconds(3);

    private final URI endpoint;
    private final @Nullable SSLContext tls;
    private final Map<String, String> headers;
    private final boolean checksHostName;
    private final Duration timeout;
    private final int maxBytes;

    /** As the constructor with a timeout, with {@link #DEFAULT_TIMEOUT}. */
    public WebSocketConnector(URI endpoint, @Nullable SSLContext tls, @Nullable String token) {
        this(endpoint, tls, token, DEFAULT_TIMEOUT);
    }

    /**
     * Names the server; nothing is connected yet.
     *
     * @param endpoint {@code wss://host:port/ws}, or {@code ws:} for a server without TLS
     * @param tls whom to trust; {@code null} for the authorities that the Java runtime trusts. Not used for {@code ws:}
     * @param token device key or operator token, sent as {@code Authorization: Bearer}; {@code null} for none
     * @param timeout for each of: reaching the host, the TLS handshake, the WebSocket handshake
     * @throws IllegalArgumentException if the endpoint is no WebSocket address, or the timeout is not positive
     */
    public WebSocketConnector(URI endpoint, @Nullable SSLContext tls, @Nullable String token, Duration timeout) {
        this(endpoint, tls, visitorHeaders(endpoint, token), true, timeout, Limits.MAX_BINARY_BYTES);
    }

    private WebSocketConnector(
            URI endpoint,
            @Nullable SSLContext tls,
            Map<String, String> headers,
            boolean checksHostName,
            Duration timeout,
            int maxBytes) {
        boolean secure = "wss".equals(endpoint.getScheme());
        if (!secure && !"ws".equals(endpoint.getScheme())) {
            throw new IllegalArgumentException("found " + endpoint + "; allowed are ws:// and wss:// addresses");
        }
        if (endpoint.getHost() == null) {
            throw new IllegalArgumentException("found " + endpoint + "; it names no host");
        }
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("timeout " + timeout + ": allowed are 1 ms to 24 days");
        }
        this.endpoint = endpoint;
        this.tls = secure ? (tls == null ? runtimeDefault() : tls) : null;
        this.headers = headers;
        this.checksHostName = checksHostName;
        this.timeout = timeout;
        this.maxBytes = maxBytes;
    }

    /**
     * For a desktop's agent, which has no token: it proves its own key later, and knows the server by its key, whatever name
     * the certificate has.
     *
     * @param pinned trusts the server's key and no other
     * @throws IllegalArgumentException if the endpoint is no WebSocket address
     */
    public static WebSocketConnector forAgent(URI endpoint, SSLContext pinned) {
        return new WebSocketConnector(
                endpoint, pinned, Map.of("Authorization", "Agent"), false, DEFAULT_TIMEOUT, Limits.MAX_BINARY_BYTES);
    }

    /**
     * For an instance of the server that connects to another one, which it knows by its key, whatever name the certificate
     * has.
     *
     * @param pinned trusts that server's key and no other
     * @param authorization what shows who we are
     * @param further other headers
     * @throws IllegalArgumentException if the endpoint is no WebSocket address
     */
    public static WebSocketConnector forInstance(
            URI endpoint, SSLContext pinned, String authorization, Map<String, String> further) {
        Map<String, String> headers = new HashMap<>(further);
        headers.put("Authorization", authorization);
        return new WebSocketConnector(endpoint, pinned, headers, false, INSTANCE_TIMEOUT, Frame.MAX_PULLED_BYTES);
    }

    @Override
    public void connect(ConnectionEvents events) {
        new ClientConnection(endpoint, tls, headers, checksHostName, timeout, maxBytes, events, events::binary).begin();
    }

    private static Map<String, String> visitorHeaders(URI endpoint, @Nullable String token) {
        Map<String, String> headers = new HashMap<>();
        // What a page of the server itself would send: the server compares it on every upgrade.
        String scheme = "wss".equals(endpoint.getScheme()) ? "https" : "http";
        headers.put(
                "Origin",
                scheme + "://" + endpoint.getHost() + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort()));
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        return headers;
    }

    private static SSLContext runtimeDefault() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }
}
