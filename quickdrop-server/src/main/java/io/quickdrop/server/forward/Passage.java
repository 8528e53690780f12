package io.quickdrop.server.forward;

import io.quickdrop.server.recordings.Servers.Server;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The way over HTTPS to other servers, as one of them. Safe on any thread; returns at once. */
public interface Passage {
    /**
     * Asks another server.
     *
     * @param headers further ones
     * @param within until it begins to answer; null as long as the body takes
     * @return the answer, whose body is read as it is asked for; fails with an {@link java.io.IOException}
     */
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> ask(
            Server server,
            String method,
            String pathAndQuery,
            HttpRequest.BodyPublisher body,
            Map<String, String> headers,
            @Nullable Duration within);
}
