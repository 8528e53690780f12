package io.quickdrop.server.uploads;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Problems of uploads in the words of RFC 9457, with the WebSocket's reason beside them. */
final class UploadProblem {
    static final String COMPLETED = "completed";
    static final String INCONSISTENT_LENGTH = "inconsistent_length";
    static final String DIGEST_MISMATCH = "digest_mismatch";
    static final String SUPERSEDED = "superseded";
    static final String GOING_AWAY = "going_away";
    static final String NOT_AUTHENTICATED = "not_authenticated";

    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";
    private static final Map<String, String> TYPE_OF = Map.of(
            ErrorReason.OFFSET_MISMATCH,
            TYPES + "mismatching-upload-offset",
            COMPLETED,
            TYPES + "completed-upload",
            INCONSISTENT_LENGTH,
            TYPES + "inconsistent-upload-length");

    private UploadProblem() {}

    /** A problem found before anything was taken. */
    static HttpProblem of(int status, String reason, String detail) {
        return new HttpProblem(status, reason, detail);
    }

    /** The problem as an answer. */
    static Response answer(int status, String reason, String detail) {
        return answer(status, reason, detail, OptionalLong.empty(), new JsonObject());
    }

    /** The problem, and where to continue. */
    static Response answer(int status, String reason, String detail, long offset) {
        return answer(status, reason, detail, OptionalLong.of(offset), new JsonObject());
    }

    /** The request begins elsewhere than the upload ends. */
    static Response mismatch(long expected, long provided) {
        JsonObject more = new JsonObject();
        more.addProperty("expected-offset", expected);
        more.addProperty("provided-offset", provided);
        return answer(
                409,
                ErrorReason.OFFSET_MISMATCH,
                "found offset " + provided + "; expected " + expected,
                OptionalLong.of(expected),
                more);
    }

    /** What a session's machine complains of. */
    static Response of(Problem problem) {
        Long expected = problem.expectedOffset();
        return answer(
                status(problem.reason()),
                problem.reason(),
                problem.detail() == null ? problem.reason() : problem.detail(),
                expected == null ? OptionalLong.empty() : OptionalLong.of(expected),
                new JsonObject());
    }

    private static int status(String reason) {
        return switch (reason) {
            case ErrorReason.OFFSET_MISMATCH, ErrorReason.CONTENT_CONFLICT -> 409;
            case ErrorReason.STORAGE_FULL -> 507;
            case ErrorReason.STORAGE_FAILED, ErrorReason.SESSION_LIMIT -> 503;
            case ErrorReason.FORBIDDEN -> 403;
            case ErrorReason.TOO_LARGE -> 413;
            case ErrorReason.INTEGRITY_MISMATCH -> 422;
            case ErrorReason.SESSION_UNKNOWN -> 410;
            default -> 400;
        };
    }

    private static Response answer(int status, String reason, String detail, OptionalLong offset, JsonObject json) {
        json.addProperty("type", TYPE_OF.getOrDefault(reason, "about:blank"));
        json.addProperty("title", reason.replace('_', ' '));
        json.addProperty("status", status);
        json.addProperty("detail", detail);
        json.addProperty("reason", reason);
        Map<String, String> headers = new LinkedHashMap<>();
        offset.ifPresent(at -> headers.put("Upload-Offset", Long.toString(at)));
        headers.put("Upload-Complete", reason.equals(COMPLETED) ? "?1" : "?0");
        if (status == 503 || status == 507) {
            headers.put("Retry-After", "2");
        }
        return new Response.Bytes(
                status, "application/problem+json", StandardCharsets.UTF_8.encode(json.toString()), headers);
    }
}
