package io.quickdrop.server.api;

import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import io.quickdrop.server.playback.TakeExports;
import io.quickdrop.server.playback.TakeExports.Export;
import io.quickdrop.server.playback.TakeExports.State;
import io.quickdrop.server.recordings.FileRecordingStore;
import io.quickdrop.server.recordings.FileRecordingStore.Arrived;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Watching takes: pictures of them, what has arrived of one, and all parts of one as a file. */
public final class PlaybackApi {
    private static final int MAX_TAKE_ID_CHARS = 64;

    private final FileRecordingStore store;
    private final TakeExports exports;

    /** Wires the endpoints to the store and to its exports. */
    public PlaybackApi(FileRecordingStore store, TakeExports exports) {
        this.store = store;
        this.exports = exports;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        router.on(HttpMethod.GET, "/api/recordings/{id}/poster", Audience.MEDIA, Stored.byId(this::poster))
                .on(HttpMethod.GET, "/api/sessions/{id}/content", Audience.MEDIA, Stored.byId(this::arrived))
                .on(
                        HttpMethod.POST,
                        "/api/takes/{takeId}/export",
                        Audience.OPERATOR_OR_INSTANCE,
                        Stored.any(this::export))
                .on(
                        HttpMethod.GET,
                        "/api/takes/{takeId}/export",
                        Audience.OPERATOR_OR_INSTANCE,
                        Stored.any(this::exportState))
                .on(HttpMethod.GET, "/api/takes/{takeId}/export/content", Audience.MEDIA, Stored.any(this::exported));
    }

    private Response poster(Request request, SessionId id) throws HttpProblem, StorageException {
        Path picture = store.recordings()
                .playback()
                .poster(id)
                .orElseThrow(() -> HttpProblem.notFound("a picture of the recording"));
        return new Response.File(picture, "image/jpeg", Download.etag(id + "-poster"), Download.headers("poster.jpg"));
    }

    /**
     * What is durable of a take that has not ended; {@code ?bytes=N} says where it shall end, so that a player that asks for
     * one range after the other sees a file that stays the same.
     */
    private Response arrived(Request request, SessionId id) throws HttpProblem, StorageException {
        Optional<Arrived> found = store.arrived(id);
        if (found.isEmpty()) {
            throw HttpProblem.notFound("the session (if it has ended, it is a recording now)");
        }
        Arrived arrived = found.get();
        long bytes = Math.min(arrived.bytes(), wantedBytes(request));
        return new Response.File(
                arrived.file(),
                Download.playableType(arrived.description().mime()),
                Download.etag(id + "-" + bytes),
                Download.headers("arriving." + arrived.description().ext()),
                bytes);
    }

    private static long wantedBytes(Request request) throws HttpProblem {
        List<String> wanted = request.query().getOrDefault("bytes", List.of());
        if (wanted.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (!wanted.get(0).matches("\\d{1,18}")) {
            throw new HttpProblem(400, "BAD_FIELD", "'bytes' must be a number of bytes");
        }
        return Long.parseLong(wanted.get(0));
    }

    private Response export(Request request) throws HttpProblem, StorageException {
        Export export = exports.ask(takeId(request)).orElseThrow(() -> HttpProblem.notFound("a take of this id"));
        return new Response.Json(202, json(export), Map.of());
    }

    private Response exportState(Request request) throws HttpProblem {
        return Response.Json.ok(json(known(request)));
    }

    private Response exported(Request request) throws HttpProblem {
        Export export = known(request);
        Path file = export.file();
        if (export.state() != State.READY || file == null || export.fileName() == null) {
            throw HttpProblem.notFound("the file (it is not ready)");
        }
        String type = export.fileName().endsWith(".mp4") ? "video/mp4" : "video/webm";
        return new Response.File(
                file,
                type,
                Download.etag(export.takeId() + "-" + export.changed().toEpochMilli()),
                Download.headers(export.fileName()));
    }

    private Export known(Request request) throws HttpProblem {
        return exports.find(takeId(request)).orElseThrow(() -> HttpProblem.notFound("an export of this take"));
    }

    private static String takeId(Request request) throws HttpProblem {
        String id = request.pathValue("takeId");
        if (!id.matches("[A-Za-z0-9-]{1," + MAX_TAKE_ID_CHARS + "}")) {
            throw new HttpProblem(400, "BAD_ID", "allowed are 1 to 64 letters, digits or hyphens");
        }
        return id;
    }

    private static JsonObject json(Export export) {
        JsonObject json = new JsonObject();
        json.addProperty("takeId", export.takeId());
        json.addProperty("state", export.state().name().toLowerCase(Locale.ROOT));
        json.addProperty("share", export.share());
        if (export.state() == State.READY) {
            json.addProperty("fileName", export.fileName());
            json.addProperty(
                    "bytes", export.file() == null ? 0 : export.file().toFile().length());
            json.addProperty("ms", export.durationMs());
            json.addProperty("reencoded", export.reencoded());
        }
        if (export.note() != null) {
            json.addProperty("note", export.note());
        }
        return json;
    }
}
