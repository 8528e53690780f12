package io.quickdrop.server.forward;

import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.recordings.Servers.Server;
import io.quickdrop.server.recordings.Whereabouts;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/**
 * Has requests about recordings and sessions answered by the server that has their files: content, pictures, deleting, keeping and
 * the like. What an instance asks is never sent on: it was sent here.
 */
public final class RecordingDetours {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** Looks something up; may wait for the catalogue. */
    public interface Lookup {
        /** Who has the files. */
        Whereabouts find(String id) throws StorageException;
    }

    private final Lookup recordings;
    private final Lookup sessions;
    private final Lookup takes;
    private final Passage passage;

    /** Looks recordings, sessions and takes up by their ids. */
    public RecordingDetours(Lookup recordings, Lookup sessions, Lookup takes, Passage passage) {
        this.recordings = recordings;
        this.sessions = sessions;
        this.takes = takes;
        this.passage = passage;
    }

    /** Adds the detours. */
    public void addTo(Router router) {
        Router.Detour recording = request -> elsewhere(request, recordings, "id");
        Router.Detour session = request -> elsewhere(request, sessions, "id");
        Router.Detour take = request -> elsewhere(request, takes, "takeId");
        router.detour(HttpMethod.GET, "/api/recordings/{id}/content", recording)
                .detour(HttpMethod.GET, "/api/recordings/{id}/poster", recording)
                .detour(HttpMethod.DELETE, "/api/recordings/{id}", recording)
                .detour(HttpMethod.POST, "/api/recordings/{id}/restore", recording)
                .detour(HttpMethod.POST, "/api/recordings/{id}/keep", recording)
                .detour(HttpMethod.GET, "/api/sessions/{id}/content", session)
                .detour(HttpMethod.DELETE, "/api/sessions/{id}", session)
                .detour(HttpMethod.POST, "/api/takes/{takeId}/export", take)
                .detour(HttpMethod.GET, "/api/takes/{takeId}/export", take)
                .detour(HttpMethod.GET, "/api/takes/{takeId}/export/content", take);
    }

    private Optional<Response> elsewhere(Request request, Lookup lookup, String name) throws HttpProblem {
        String id = request.pathValue(name);
        if (request.principal() instanceof Principal.Instance || !SessionId.isValid(id)) {
            return Optional.empty();
        }
        try {
            Whereabouts where = lookup.find(id);
            if (where instanceof Whereabouts.Away away) {
                throw new HttpProblem(503, "SERVER_AWAY", away.sentence(), Map.of("Retry-After", "5"));
            }
            return where instanceof Whereabouts.With with
                    ? Optional.of(answer(request, with.server()))
                    : Optional.empty();
        } catch (StorageException e) {
            throw new HttpProblem(503, "STORAGE_FAILED", String.valueOf(e.getMessage()), Map.of("Retry-After", "2"));
        }
    }

    private Response answer(Request request, Server server) throws HttpProblem {
        HttpRequest.BodyPublisher body = request.body().isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(request.body());
        try {
            return Handover.answer(passage.ask(
                            server,
                            request.method().name(),
                            Handover.target(request),
                            body,
                            Handover.headers(request),
                            ANSWER_WITHIN)
                    .join());
        } catch (CompletionException | CancellationException e) {
            throw new HttpProblem(
                    502,
                    "SERVER_NOT_REACHED",
                    "the server " + server.name() + ", which has the file, can't be reached from here: " + e.getCause(),
                    Map.of("Retry-After", "5"));
        }
    }
}
