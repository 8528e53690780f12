package io.quickdrop.server.uploads;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.protocol.UploadMessage.Started;
import io.quickdrop.server.http.Response;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the draft has a server say of an upload's state.
 *
 * @param limits the value of {@code Upload-Limit}
 */
record UploadAnswers(String limits) {
    static UploadAnswers of(long maxRecordingBytes, long maxAgeSeconds) {
        return new UploadAnswers("max-size=" + maxRecordingBytes + ", max-age=" + maxAgeSeconds);
    }

    /** What may be done. */
    Response options() {
        return new Response.Empty(
                204,
                Map.of(
                        "Accept-Patch", "application/partial-upload",
                        "Allow", "OPTIONS, POST, PUT, PATCH, HEAD, GET, DELETE",
                        "Upload-Limit", limits));
    }

    /** There is an upload resource now, or was. */
    Response created(Started started) {
        Map<String, String> headers = state(started.bytes(), OptionalLong.empty());
        headers.put("Location", AskedReader.path(started.sessionId()));
        return new Response.Json(201, json(started), headers);
    }

    /** That is how far it is. */
    Response look(Started started, OptionalLong total, boolean wordless) {
        Map<String, String> headers = state(started.bytes(), total);
        return wordless ? new Response.Empty(204, headers) : new Response.Json(200, json(started), headers);
    }

    /** A part is durable. */
    Response appended(long bytes) {
        return new Response.Empty(204, state(bytes, OptionalLong.empty()));
    }

    /** It is whole, under its final name, and on the disk. */
    Response saved(Saved saved, boolean wordless) {
        Map<String, String> headers = state(saved.bytes(), OptionalLong.of(saved.bytes()));
        headers.put("Upload-Complete", "?1");
        byte[] digest = HexFormat.of().parseHex(saved.sha256());
        headers.put("Repr-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":");
        return wordless ? new Response.Empty(204, headers) : new Response.Json(200, json(saved), headers);
    }

    /** The first {@code 104} of a creation. */
    Map<String, String> announcement(SessionId id) {
        return Map.of("Location", AskedReader.path(id), "Upload-Limit", limits);
    }

    private Map<String, String> state(long bytes, OptionalLong total) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Upload-Offset", Long.toString(bytes));
        headers.put("Upload-Complete", "?0");
        headers.put("Upload-Limit", limits);
        total.ifPresent(length -> headers.put("Upload-Length", Long.toString(length)));
        return headers;
    }

    private static JsonObject json(Message message) {
        return JsonParser.parseString(TextCodec.encode(message)).getAsJsonObject();
    }
}
