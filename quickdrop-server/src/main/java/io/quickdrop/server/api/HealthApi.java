package io.quickdrop.server.api;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.ObserverMessage.Instance;
import io.quickdrop.protocol.ObserverMessage.Store;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import io.quickdrop.server.observers.ClusterView;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the server is, for balancers and monitors; answers from memory, also while the store is away. Nothing of it is
 * secret, but only the own machine, the operator and instances are told details.
 */
public final class HealthApi {
    private static final Gson GSON = new Gson();

    private final ClusterView cluster;
    private final InstantSource clock;

    /** Tells what {@code cluster} shows. */
    public HealthApi(ClusterView cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        router.on(HttpMethod.GET, "/health", Audience.ANYONE, request -> health(request, 200))
                .on(HttpMethod.GET, "/health/ready", Audience.ANYONE, request -> health(request, isUp() ? 200 : 503))
                .on(HttpMethod.GET, "/api/instances", Audience.OPERATOR, this::instances);
    }

    private boolean isUp() {
        return cluster.store().state().equals(Store.UP);
    }

    private Response health(Request request, int status) throws HttpProblem {
        JsonObject answer = new JsonObject();
        answer.addProperty("status", isUp() ? "ok" : "degraded");
        if (request.isLocal() || request.principal().mayOperate()) {
            details(answer);
        }
        return new Response.Json(status, answer, Map.of("Cache-Control", "no-store"));
    }

    private void details(JsonObject answer) {
        List<Instance> instances = cluster.instances();
        instances.stream().filter(Instance::self).findFirst().ifPresent(self -> {
            JsonObject item = new JsonObject();
            item.addProperty("id", self.id());
            item.addProperty("name", self.name());
            answer.add("instance", item);
        });
        Store store = cluster.store();
        JsonObject item = new JsonObject();
        item.addProperty("kind", store.kind());
        item.addProperty("state", store.state());
        @Nullable Long since = store.sinceTs();
        if (since != null) {
            item.addProperty("sinceMs", Math.max(0, clock.millis() - since));
        }
        if (store.detail() != null) {
            item.addProperty("detail", store.detail());
        }
        answer.add("store", item);
        answer.addProperty(
                "instances",
                instances.stream()
                        .filter(instance -> instance.state().equals(Instance.ALIVE))
                        .count());
    }

    private Response instances(Request request) {
        JsonObject answer = new JsonObject();
        JsonArray list = new JsonArray();
        cluster.instances().forEach(instance -> list.add(GSON.toJsonTree(instance)));
        answer.add("instances", list);
        return Response.Json.ok(answer);
    }
}
