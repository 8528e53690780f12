package io.quickdrop.server.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How content that others made is served: to be kept or played, and never run. */
final class Download {
    private Download() {}

    static Map<String, String> headers(String fileName) {
        String name = URLEncoder.encode(fileName, StandardCharsets.UTF_8).replace("+", "%20");
        return Map.of(
                "Content-Disposition", "attachment; filename*=UTF-8''" + name,
                "Content-Security-Policy", "sandbox; default-src 'none'",
                "Cache-Control", "private, no-cache");
    }

    static String etag(String value) {
        return "\"" + value + "\"";
    }

    /** The type as its sender names it, where a player needs it; never one that a browser would run. */
    static String playableType(String mime) {
        boolean media = mime.matches("(video|audio|image)/[a-z0-9.+-]+(;.*)?") && !mime.startsWith("image/svg");
        int parameters = mime.indexOf(';');
        return media ? (parameters < 0 ? mime : mime.substring(0, parameters)) : "application/octet-stream";
    }
}
