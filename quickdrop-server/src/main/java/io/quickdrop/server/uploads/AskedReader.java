package io.quickdrop.server.uploads;

import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a request asks for out of its path, query and headers. */
final class AskedReader {
    static final String PATH = "/api/uploads";

    private static final String PARTIAL = "application/partial-upload";
    private static final String UPLOAD_OFFSET = "Upload-Offset";
    private static final String UPLOAD_COMPLETE = "Upload-Complete";
    /** The version of the draft in whose words we speak. */
    private static final long INTEROP_VERSION = 8;
    /** RFC 9110 section 14.5, as {@code curl -C 5 -T} says it. */
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    /** RFC 6266; the ending is all that is taken of it, so escapes don't matter. */
    private static final Pattern FILE_NAME = Pattern.compile("(?i)filename\\*?=[^;]*?\\.([A-Za-z0-9]{1,8})\"?(?:;|$)");

    private static final Pattern ENDING = Pattern.compile("\\.([A-Za-z0-9]{1,8})$");

    private final InstantSource clock;
    private final Supplier<String> newId;

    AskedReader(InstantSource clock, Supplier<String> newId) {
        this.clock = clock;
        this.newId = newId;
    }

    Asked read(Request request, String device) throws HttpProblem {
        Asked.Kind kind = kind(request);
        HttpHeaders headers = request.headers();
        OptionalLong offset = OptionalLong.empty();
        boolean complete = kind == Asked.Kind.WHOLE;
        if (kind == Asked.Kind.APPEND) {
            checkType(headers);
            offset = OptionalLong.of(StructuredField.integer(headers, UPLOAD_OFFSET)
                    .orElseThrow(() -> UploadProblem.of(
                            400, ErrorReason.BAD_FIELD + UPLOAD_OFFSET, "PATCH says where its body begins, a number")));
            complete = StructuredField.truth(headers, UPLOAD_COMPLETE)
                    .orElseThrow(() -> UploadProblem.of(
                            400,
                            ErrorReason.BAD_FIELD + UPLOAD_COMPLETE,
                            "PATCH says ?1 if its body is the last part"));
        } else if (kind == Asked.Kind.CREATE) {
            complete = StructuredField.truth(headers, UPLOAD_COMPLETE).orElse(true);
        } else if (kind == Asked.Kind.WHOLE && headers.contains(HttpHeaderNames.CONTENT_RANGE)) {
            Matcher range = CONTENT_RANGE.matcher(headers.get(HttpHeaderNames.CONTENT_RANGE));
            if (!range.matches() || Long.parseLong(range.group(2)) + 1 != Long.parseLong(range.group(3))) {
                throw UploadProblem.of(
                        400, ErrorReason.BAD_FIELD + "Content-Range", "allowed is a range that reaches to the end");
            }
            offset = OptionalLong.of(Long.parseLong(range.group(1)));
        }
        OptionalLong contentLength = contentLength(headers);
        OptionalLong total = totalBytes(headers, offset, complete, contentLength);
        UploadMessage.Start start = start(request, kind, total);
        return new Asked(
                kind,
                device,
                start.sessionId(),
                start.description(),
                offset,
                complete,
                contentLength,
                new Asked.End(
                        StructuredField.digest(headers, "Repr-Digest", "sha-256", 32)
                                .map(HexFormat.of()::formatHex)
                                .orElse(null),
                        number(request, "ms")),
                ContentDigest.of(headers),
                request.method().equals(HttpMethod.HEAD),
                StructuredField.integer(headers, "Upload-Draft-Interop-Version").orElse(0) == INTEROP_VERSION);
    }

    private static Asked.Kind kind(Request request) throws HttpProblem {
        boolean collection = request.path().equals(PATH) || request.path().equals(PATH + "/");
        HttpMethod method = request.method();
        if (collection && method.equals(HttpMethod.POST)) {
            return Asked.Kind.CREATE;
        }
        if (!collection && method.equals(HttpMethod.PUT)) {
            return Asked.Kind.WHOLE;
        }
        if (!collection && method.equals(HttpMethod.PATCH)) {
            return Asked.Kind.APPEND;
        }
        if (!collection && (method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.GET))) {
            return Asked.Kind.LOOK;
        }
        if (!collection && method.equals(HttpMethod.DELETE)) {
            return Asked.Kind.ABORT;
        }
        throw UploadProblem.of(
                405,
                "method_not_allowed",
                collection ? "allowed here: POST" : "allowed here: PUT, PATCH, HEAD, GET, DELETE");
    }

    private static void checkType(HttpHeaders headers) throws HttpProblem {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(PARTIAL)) {
            throw UploadProblem.of(
                    415, ErrorReason.BAD_FIELD + "Content-Type", "found '" + type + "'; a part is " + PARTIAL);
        }
    }

    private static OptionalLong contentLength(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(length)); // the codec has checked it
    }

    /** Section 4.1.3 of the draft: two ways to say the same, which must agree. */
    private static OptionalLong totalBytes(
            HttpHeaders headers, OptionalLong offset, boolean complete, OptionalLong contentLength) throws HttpProblem {
        OptionalLong stated = StructuredField.integer(headers, "Upload-Length");
        if (!complete || contentLength.isEmpty()) {
            return stated;
        }
        long counted = offset.orElse(0) + contentLength.getAsLong();
        if (stated.isPresent() && stated.getAsLong() != counted) {
            throw UploadProblem.of(
                    400,
                    UploadProblem.INCONSISTENT_LENGTH,
                    "Upload-Length says " + stated.getAsLong() + ", offset and Content-Length make " + counted);
        }
        return OptionalLong.of(counted);
    }

    /** What {@code start} would say on a WebSocket: told whole in the query, or put together from what HTTP has. */
    private UploadMessage.Start start(Request request, Asked.Kind kind, OptionalLong total) throws HttpProblem {
        String given = first(request, "start");
        JsonObject json = new JsonObject();
        if (given == null) {
            HttpHeaders headers = request.headers();
            String id = kind == Asked.Kind.CREATE
                    ? Optional.ofNullable(first(request, "sessionId")).orElseGet(newId)
                    : request.path().substring(PATH.length() + 1);
            json.addProperty("type", "start");
            json.addProperty("sessionId", id);
            String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
            json.addProperty("mime", type.isBlank() || type.startsWith(PARTIAL) ? "application/octet-stream" : type);
            json.addProperty("ext", ending(first(request, "ext"), headers.get("Content-Disposition", ""), id));
            String label = first(request, "label");
            if (label != null) {
                json.addProperty("label", label);
            }
            Long ts = number(request, "ts");
            json.addProperty("ts", ts == null ? clock.millis() : ts);
            total.ifPresent(bytes -> json.addProperty("totalBytes", bytes));
        }
        Decoded<Message> decoded = TextCodec.decode(given == null ? json.toString() : given);
        if (decoded instanceof Decoded.Accepted<Message> accepted
                && accepted.value() instanceof UploadMessage.Start start) {
            boolean fits = kind == Asked.Kind.CREATE || request.path().endsWith("/" + start.sessionId());
            if (fits) {
                return start;
            }
        }
        if (decoded instanceof Decoded.Rejected<Message> rejected) {
            throw UploadProblem.of(
                    400,
                    rejected.asProblem().reason(),
                    String.valueOf(rejected.asProblem().detail()));
        }
        throw UploadProblem.of(400, ErrorReason.BAD_FIELD + "start", "allowed is a 'start' message of this session");
    }

    private static String ending(@Nullable String stated, String disposition, String id) {
        if (stated != null) {
            return stated;
        }
        for (Matcher match : List.of(FILE_NAME.matcher(disposition), ENDING.matcher(id))) {
            if (match.find()) {
                return match.group(1);
            }
        }
        return "bin";
    }

    private static @Nullable Long number(Request request, String name) throws HttpProblem {
        String value = first(request, name);
        if (value == null) {
            return null;
        }
        if (!value.matches("\\d{1,15}")) {
            throw UploadProblem.of(
                    400, ErrorReason.BAD_FIELD + name, "found '" + value + "'; allowed is a whole number");
        }
        return Long.parseLong(value);
    }

    private static @Nullable String first(Request request, String name) {
        List<String> values = request.query().getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.get(0);
    }

    /** The path of a session's upload resource. */
    static String path(SessionId id) {
        return PATH + "/" + id;
    }
}
