package io.quickdrop.server.http;

import com.google.gson.JsonObject;
import java.util.Map;

/** A request that can't be answered as asked; becomes {@code {"error": CODE, "message": sentence}}. */
public final class HttpProblem extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final transient Map<String, String> headers;

    /**
     * A problem without headers of its own.
     *
     * @param code for programs, in capitals
     * @param sentence what was found and what is allowed, for people
     */
    public HttpProblem(int status, String code, String sentence) {
        this(status, code, sentence, Map.of());
    }

    /** A problem with headers of its own, for example {@code Retry-After}. */
    public HttpProblem(int status, String code, String sentence, Map<String, String> headers) {
        super(sentence, null, false, false);
        this.status = status;
        this.code = code;
        this.headers = Map.copyOf(headers);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The code, for programs. */
    public String code() {
        return code;
    }

    /** What was asked needs the store, which does not answer now. */
    public static HttpProblem storeAway() {
        return new HttpProblem(
                503,
                "STORE_UNAVAILABLE",
                "the server's store does not answer; what goes on without it goes on",
                Map.of("Retry-After", "2"));
    }

    /** The recording, session or device is not here (any more). */
    public static HttpProblem notFound(String what) {
        return new HttpProblem(404, "NOT_FOUND", what + " is not here (any more)");
    }

    Response asResponse() {
        JsonObject json = new JsonObject();
        json.addProperty("error", code);
        json.addProperty("message", getMessage());
        return new Response.Json(status, json, headers);
    }
}
