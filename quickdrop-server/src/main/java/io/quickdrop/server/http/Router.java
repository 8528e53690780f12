package io.quickdrop.server.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of endpoints. Filled at start-up, then only read. */
public final class Router {
    /** Who may call an endpoint. */
    public enum Audience {
        /** Everybody. */
        ANYONE,
        /** The operator. */
        OPERATOR,
        /** The operator, or a browser that shows the operator's media cookie. */
        MEDIA,
        /** The operator, or another instance that asks for one. */
        OPERATOR_OR_INSTANCE,
        /** Another instance. */
        INSTANCE
    }

    /** Answers requests; may block. */
    public interface Endpoint {
        /** The answer to one request. */
        Response answer(Request request) throws HttpProblem;
    }

    /** Asked before an endpoint: answers in its place what another server has to answer. May block. */
    public interface Detour {
        /** The answer; empty where it is this server's. */
        Optional<Response> answer(Request request) throws HttpProblem;
    }

    /** An endpoint and the values that the path holds for it. */
    public record Match(Audience audience, Endpoint endpoint, Map<String, String> pathValues) {}

    private record Route(HttpMethod method, List<String> segments, Audience audience, Endpoint endpoint) {}

    private final List<Route> routes = new ArrayList<>();
    private final Map<String, Detour> detours = new HashMap<>();

    /**
     * Adds an endpoint.
     *
     * @param pattern for example {@code /api/recordings/{id}/content}; a last segment {@code {path*}} takes the rest
     */
    public Router on(HttpMethod method, String pattern, Audience audience, Endpoint endpoint) {
        routes.add(new Route(method, segments(pattern), audience, endpoint));
        return this;
    }

    /** Has the endpoints of this method and pattern, whenever they are added, ask for a detour first. */
    public Router detour(HttpMethod method, String pattern, Detour detour) {
        detours.put(method + " " + pattern, detour);
        return this;
    }

    private Endpoint withDetour(Route route) {
        Detour detour = detours.get(route.method + " /" + String.join("/", route.segments));
        if (detour == null) {
            return route.endpoint;
        }
        return request -> {
            Optional<Response> elsewhere = detour.answer(request);
            return elsewhere.isPresent() ? elsewhere.get() : route.endpoint.answer(request);
        };
    }

    /**
     * The endpoint for a request; HEAD is answered as GET. Empty if no path matches.
     *
     * @throws HttpProblem if the path is there and the method is not
     */
    public Optional<Match> find(HttpMethod method, String path) throws HttpProblem {
        HttpMethod asked = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        List<String> found = segments(path);
        List<String> allowed = new ArrayList<>();
        for (Route route : routes) {
            Optional<Map<String, String>> values = match(route.segments, found);
            if (values.isPresent()) {
                if (route.method.equals(asked)) {
                    return Optional.of(new Match(route.audience, withDetour(route), values.get()));
                }
                allowed.add(route.method.name());
            }
        }
        if (!allowed.isEmpty()) {
            String methods = String.join(", ", allowed);
            throw new HttpProblem(405, "METHOD_NOT_ALLOWED", "allowed here: " + methods, Map.of("Allow", methods));
        }
        return Optional.empty();
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static Optional<Map<String, String>> match(List<String> pattern, List<String> found) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (expected.equals("{path*}") && i < found.size()) {
                values.put("path", String.join("/", found.subList(i, found.size())));
                return Optional.of(values);
            }
            if (i >= found.size()) {
                return Optional.empty();
            }
            if (expected.startsWith("{")) {
                values.put(expected.substring(1, expected.length() - 1), found.get(i));
            } else if (!expected.equals(found.get(i))) {
                return Optional.empty();
            }
        }
        return pattern.size() == found.size() ? Optional.of(values) : Optional.empty();
    }
}
