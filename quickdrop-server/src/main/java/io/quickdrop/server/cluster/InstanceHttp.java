package io.quickdrop.server.cluster;

import io.quickdrop.websocket.PinnedTrust;
import io.quickdrop.websocket.ServerPin;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks other instances over HTTPS, as an instance: each is believed by the pin that it put into the store, and shown what
 * only instances can compute. Safe on any thread; calls block.
 */
public final class InstanceHttp {
    /** To reach one on the same network; a dead one costs no more. */
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Instances instances;
    private final InstanceToken token;
    private final Map<String, HttpClient> byPin = new ConcurrentHashMap<>();

    /** @param token what this instance shows */
    public InstanceHttp(Instances instances, InstanceToken token) {
        this.instances = instances;
        this.token = token;
    }

    /**
     * What another instance answered.
     *
     * @param body to be closed by the caller
     */
    public record Answer(int status, java.net.http.HttpHeaders headers, InputStream body) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /**
     * Asks another instance.
     *
     * @param instanceId of a live member other than this one
     * @param method of HTTP
     * @param pathAndQuery as in {@code /api/recordings/x?y=z}
     * @param body empty for none
     * @param headers further ones, as {@code Range} or {@code Content-Type}
     * @throws IOException if it can't be reached, is no live member, or is silent for ten seconds
     */
    public Answer ask(String instanceId, String method, String pathAndQuery, byte[] body, Map<String, String> headers)
            throws IOException {
        Member to = instances
                .other(instanceId)
                .orElseThrow(() -> new IOException("instance " + instanceId + " is no live member of this store"));
        HttpRequest.BodyPublisher content =
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(to.url() + pathAndQuery))
                .timeout(ANSWER_WITHIN)
                .method(method, content)
                .header("Authorization", token.header(instanceId));
        headers.forEach(request::header);
        try {
            HttpResponse<InputStream> response =
                    client(to.pin()).send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking the instance " + to.name(), e);
        } catch (IOException e) {
            throw new IOException("the instance " + to.name() + " at " + to.url() + " can't be reached: " + e, e);
        }
    }

    /**
     * Begins to ask another instance, for what is long or takes its time: returns at once, and nothing is read of the answer that
     * the handler does not ask for.
     *
     * @param headers further ones, {@code Content-Length} not among them
     * @param within how long it may take until it begins to answer; null as long as the body takes
     * @return fails with an {@link IOException} as above
     */
    public <T> CompletableFuture<HttpResponse<T>> begin(
            String instanceId,
            String method,
            String pathAndQuery,
            HttpRequest.BodyPublisher body,
            Map<String, String> headers,
            HttpResponse.BodyHandler<T> handler,
            @Nullable Duration within) {
        Member to = instances.other(instanceId).orElse(null);
        if (to == null) {
            return CompletableFuture.failedFuture(
                    new IOException("instance " + instanceId + " is no live member of this store"));
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(to.url() + pathAndQuery))
                .method(method, body)
                .header("Authorization", token.header(instanceId));
        if (within != null) {
            request.timeout(within);
        }
        headers.forEach(request::header);
        return client(to.pin()).sendAsync(request.build(), handler);
    }

    /** As the other, without a body. */
    public Answer get(String instanceId, String pathAndQuery) throws IOException {
        return ask(instanceId, "GET", pathAndQuery, new byte[0], Map.of());
    }

    private HttpClient client(String pin) {
        return byPin.computeIfAbsent(pin, key -> HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(new PinnedTrust(new ServerPin(key)).context())
                .build());
    }
}
