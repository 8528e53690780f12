package io.quickdrop.server.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** What an endpoint answers. */
public sealed interface Response {
    /** Beside the headers that every answer has. */
    Map<String, String> headers();

    /** A JSON body. */
    record Json(int status, JsonElement body, Map<String, String> headers) implements Response {
        /** 200 with {@code body}. */
        public static Json ok(JsonElement body) {
            return new Json(200, body, Map.of());
        }

        /** 200 with one property. */
        public static Json ok(String name, Number value) {
            JsonObject object = new JsonObject();
            object.addProperty(name, value);
            return ok(object);
        }
    }

    /** A body in memory, from the buffer's position to its limit; the buffer itself is not moved. */
    record Bytes(int status, String contentType, ByteBuffer body, Map<String, String> headers) implements Response {}

    /** Events as they happen, {@code text/event-stream}, until they or the connection end. */
    record Events(EventSource source) implements Response {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /** No body. */
    record Empty(int status, Map<String, String> headers) implements Response {
        /** 204. */
        public static Empty noContent() {
            return new Empty(204, Map.of());
        }
    }

    /**
     * A file, or the part of it that the request's Range asks for.
     *
     * @param bytes as if the file ended there, where it is longer: what is behind is nobody's yet
     */
    record File(Path path, String contentType, String etag, Map<String, String> headers, long bytes)
            implements Response {
        /** All of the file. */
        public File(Path path, String contentType, String etag, Map<String, String> headers) {
            this(path, contentType, etag, headers, Long.MAX_VALUE);
        }
    }

    /**
     * A body that comes from elsewhere as it is read.
     *
     * @param contentType null where there is no body
     * @param length bytes, or -1 where it is not known: then the connection ends with the body
     * @param body subscribed to once, also where nothing of it is wanted; asked for more only as the other end reads
     */
    record Streamed(
            int status,
            @Nullable String contentType,
            long length,
            Flow.Publisher<List<ByteBuffer>> body,
            Map<String, String> headers)
            implements Response {}
}
