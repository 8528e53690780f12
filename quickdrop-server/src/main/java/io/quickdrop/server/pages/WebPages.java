package io.quickdrop.server.pages;

import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Serves the dashboard, the phone page, the viewer page and their parts from the class path. */
public final class WebPages {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "webmanifest", "application/manifest+json");

    /** No dots but before an ending: a path can't climb. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\\.[a-z0-9-]+)+");

    /** Holds what there is, and nothing of what was only asked for: names that nobody serves are without number. */
    private final Map<String, Page> cache = new ConcurrentHashMap<>();

    private static final String POLICY = "Content-Security-Policy";
    private static final String PHONE = "web/phone/phone.html";
    private static final String WORKER = "/assets/sw/worker.js";

    /** An address as it may stand in a policy: nothing in it ends a directive. */
    private static final Pattern ADDRESS = Pattern.compile("https://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

    private final Supplier<List<String>> elsewhere;

    private @Nullable PageSet phoneSet;

    private record Page(ByteBuffer body, String type, String etag) {}

    /** @param elsewhere addresses of the other instances, {@code https://…}: the viewer page may fetch pictures there */
    public WebPages(Supplier<List<String>> elsewhere) {
        this.elsewhere = elsewhere;
    }

    /** Adds the pages' endpoints. */
    public void addTo(Router router) {
        router.on(HttpMethod.GET, "/", Audience.ANYONE, request -> serve(request, "web/dashboard/dashboard.html"))
                .on(HttpMethod.GET, "/phone", Audience.ANYONE, this::phone)
                .on(HttpMethod.GET, "/sw.js", Audience.ANYONE, this::serviceWorker)
                .on(HttpMethod.GET, "/watch", Audience.ANYONE, request -> viewer(request, "web/watch/watch.html"))
                .on(HttpMethod.GET, "/favicon.ico", Audience.ANYONE, request -> serve(request, "web/shared/icon.svg"))
                .on(HttpMethod.GET, "/assets/{path*}", Audience.ANYONE, this::asset);
    }

    /** The page says which set it belongs to, so that a service worker can tell whether its own is still the same. */
    private Response phone(Request request) throws HttpProblem {
        return serve(request, PHONE, Map.of("QuickDrop-Version", phoneSet().version()));
    }

    /** Lies at the root because a service worker may only serve what lies below it; the page asks for {@code /phone} alone. */
    private Response serviceWorker(Request request) {
        Page page = page(ByteBuffer.wrap(phoneSet().script(WORKER)), "text/javascript; charset=utf-8");
        return answer(request, page, Map.of());
    }

    private synchronized PageSet phoneSet() {
        PageSet set = phoneSet;
        if (set == null) {
            set = PageSet.of("/phone", "/assets/phone/phone.html", WORKER, this::part);
            phoneSet = set;
        }
        return set;
    }

    private PageSet.Part part(String path) {
        Page page = page("web/" + path.substring("/assets/".length()))
                .orElseThrow(() -> new IllegalStateException("the pages refer to " + path + ", which is not there"));
        return new PageSet.Part(page.body, page.etag);
    }

    private Response asset(Request request) throws HttpProblem {
        String path = plain(request.pathValue("path"));
        // A worker lives under the policy of its own script, not under that of its page.
        return path.startsWith("watch/") ? viewer(request, "web/" + path) : serve(request, "web/" + path);
    }

    private Response viewer(Request request, String resource) throws HttpProblem {
        return serve(request, resource, Map.of(POLICY, contentPolicy(request.host(), elsewhere.get())));
    }

    private static String plain(String path) throws HttpProblem {
        if (!PLAIN.matcher(path).matches()) {
            throw HttpProblem.notFound("'" + path + "'");
        }
        return path;
    }

    private Response serve(Request request, String resource) throws HttpProblem {
        return serve(request, resource, Map.of());
    }

    private Response serve(Request request, String resource, Map<String, String> more) throws HttpProblem {
        return answer(
                request, page(resource).orElseThrow(() -> HttpProblem.notFound("'" + request.path() + "'")), more);
    }

    private static Response answer(Request request, Page page, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>();
        headers.put("ETag", page.etag);
        headers.put("Cache-Control", "no-cache");
        headers.put(POLICY, contentPolicy(request.host(), List.of()));
        headers.put("Permissions-Policy", "camera=(self), microphone=(self), screen-wake-lock=(self)");
        headers.putAll(more);
        if (page.etag.equals(request.headers().get("If-None-Match"))) {
            return new Response.Empty(304, headers);
        }
        return new Response.Bytes(200, page.type, page.body, headers);
    }

    private Optional<Page> page(String resource) {
        Page cached = cache.get(resource);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Page> loaded = load(resource);
        loaded.ifPresent(page -> cache.put(resource, page));
        return loaded;
    }

    /** Safari before 15.4 does not count {@code wss} as {@code 'self'}, so the own address stands there in full. */
    private static String contentPolicy(String host, List<String> elsewhere) {
        String others = elsewhere.stream()
                .filter(url -> ADDRESS.matcher(url).matches())
                .map(url -> " wss" + url.substring("https".length()))
                .collect(Collectors.joining());
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
                + " media-src 'self' blob:; connect-src 'self' wss://" + host + others + ";"
                + " worker-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none';"
                + " frame-ancestors 'none'";
    }

    private static Optional<Page> load(String resource) {
        String ending = resource.substring(resource.lastIndexOf('.') + 1);
        String type = TYPES.get(ending);
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = WebPages.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            return Optional.of(page(ByteBuffer.wrap(in.readAllBytes()), type));
        } catch (IOException e) {
            throw new IllegalStateException("the page " + resource + " can't be read from the program itself", e);
        }
    }

    private static Page page(ByteBuffer body, String type) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(body.duplicate());
            String hash = HexFormat.of().formatHex(digest.digest(), 0, 16);
            return new Page(body.asReadOnlyBuffer(), type, "\"" + hash + "\"");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
