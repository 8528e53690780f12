package io.quickdrop.websocket;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where to send to, as a person writes it: {@code https://laptop.local:8443}, or without the scheme, or without the port.
 *
 * @param web the address as a browser would show it, without a path: {@code https://host:port}
 * @param socket the WebSocket endpoint
 */
public record ServerAddress(URI web, URI socket) {
    private static final int DEFAULT_PORT = 8443;
    private static final String ALLOWED = "allowed is an address like https://192.168.1.5:8443";

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException with a sentence if {@code text} is none; also for {@code http://} to another
     *     machine, since that would show the token and the file to everybody on the network
     */
    public static ServerAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "https://" + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("found '" + text + "'; " + ALLOWED, e);
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https") || scheme.equals("wss");
        boolean plain = scheme.equals("http") || scheme.equals("ws");
        if (!(secure || plain) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("found '" + text + "'; " + ALLOWED);
        }
        if (plain && !isLoopback(uri.getHost())) {
            throw new IllegalArgumentException(
                    "found '" + text + "', which is not encrypted; " + ALLOWED + ", and http:// only for localhost");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        String path = uri.getRawPath() == null || uri.getRawPath().length() < 2 ? "/ws" : uri.getRawPath();
        String authority = uri.getHost() + ":" + port;
        return new ServerAddress(
                URI.create((secure ? "https://" : "http://") + authority),
                URI.create((secure ? "wss://" : "ws://") + authority + path));
    }

    /** Whether TLS is spoken there. */
    public boolean isSecure() {
        return "wss".equals(socket.getScheme());
    }

    /** Whether it names this very machine. */
    public boolean isOwnMachine() {
        return isLoopback(web.getHost());
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    @Override
    public String toString() {
        return web.toString();
    }
}
