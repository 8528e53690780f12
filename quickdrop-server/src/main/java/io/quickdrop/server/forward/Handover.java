package io.quickdrop.server.forward;

import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Flow;

/** A request and an answer as they pass from one server to another: what belongs to one connection alone is left out. */
final class Handover {
    /** Of the request, beside those that begin with {@code upload-}. */
    private static final Set<String> TAKEN_ALONG = Set.of(
            "content-type",
            "content-disposition",
            "content-range",
            "content-digest",
            "repr-digest",
            "range",
            "if-range",
            "if-none-match",
            "accept");

    /** Of the answer, likewise; the security headers are those of whoever answers. */
    private static final Set<String> BROUGHT_BACK = Set.of(
            "content-disposition",
            "content-range",
            "content-security-policy",
            "accept-ranges",
            "etag",
            "cache-control",
            "location",
            "repr-digest",
            "retry-after",
            "allow",
            "accept-patch");

    private Handover() {}

    /** The path and the query, encoded. */
    static String target(Request request) {
        StringBuilder target = new StringBuilder(request.path());
        String[] separator = {"?"};
        request.query()
                .forEach((name, values) -> values.forEach(value -> {
                    target.append(separator[0])
                            .append(encoded(name))
                            .append('=')
                            .append(encoded(value));
                    separator[0] = "&";
                }));
        return target.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Headers of the request that matter to whoever answers it. */
    static Map<String, String> headers(Request request) {
        Map<String, String> taken = new LinkedHashMap<>();
        request.headers().forEach(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (TAKEN_ALONG.contains(name) || name.startsWith("upload-")) {
                taken.merge(name, header.getValue(), (one, other) -> one + ", " + other);
            }
        });
        return taken;
    }

    /** The other server's answer as this one's. */
    static Response answer(HttpResponse<Flow.Publisher<List<ByteBuffer>>> from) {
        Map<String, String> headers = new LinkedHashMap<>();
        from.headers().map().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (BROUGHT_BACK.contains(lower) || lower.startsWith("upload-")) {
                headers.put(name, String.join(", ", values));
            }
        });
        return new Response.Streamed(
                from.statusCode(),
                from.headers().firstValue("content-type").orElse(null),
                from.headers().firstValueAsLong("content-length").orElse(-1),
                from.body(),
                headers);
    }
}
