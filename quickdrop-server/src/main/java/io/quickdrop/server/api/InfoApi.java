package io.quickdrop.server.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.ObserverMessage.Instance;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.server.access.MediaCookie;
import io.quickdrop.server.addresses.HostAddress;
import io.quickdrop.server.addresses.ReachableAddresses;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import io.quickdrop.server.tls.LocalAuthority;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What the dashboard must know about the server, and the certificate that phones may trust. */
public final class InfoApi {
    private final String serverId;
    private final Supplier<ReachableAddresses> addresses;
    private final IntSupplier port;
    private final Path output;
    private final RecordingStore store;
    private final LocalAuthority authority;
    private final MediaCookie mediaCookie;
    private final Supplier<List<Instance>> instances;

    /**
     * Knows what it tells.
     *
     * @param addresses asked for each request, since they change
     * @param instances those that share this one's store, itself among them
     */
    public InfoApi(
            String serverId,
            Supplier<ReachableAddresses> addresses,
            IntSupplier port,
            Path output,
            RecordingStore store,
            LocalAuthority authority,
            MediaCookie mediaCookie,
            Supplier<List<Instance>> instances) {
        this.serverId = serverId;
        this.addresses = addresses;
        this.port = port;
        this.output = output;
        this.store = store;
        this.authority = authority;
        this.mediaCookie = mediaCookie;
        this.instances = instances;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        router.on(HttpMethod.GET, "/api/info", Audience.OPERATOR, this::info)
                .on(HttpMethod.GET, "/ca.crt", Audience.ANYONE, this::certificate)
                .on(HttpMethod.POST, "/api/media-session", Audience.OPERATOR, this::mediaSession);
    }

    private Response info(Request request) {
        ReachableAddresses found = addresses.get();
        JsonArray list = new JsonArray();
        for (HostAddress address : found.list()) {
            JsonObject item = new JsonObject();
            item.addProperty("host", address.host().value());
            item.addProperty("url", address.url(port.getAsInt()));
            item.addProperty("interfaceName", address.interfaceName());
            item.addProperty("kind", address.kind().words());
            item.addProperty("preferred", address.preferred());
            list.add(item);
        }
        JsonObject info = new JsonObject();
        info.addProperty("serverId", serverId);
        String version = InfoApi.class.getPackage().getImplementationVersion();
        info.addProperty("version", version == null ? "development" : version);
        info.addProperty("local", request.isLocal());
        info.add("addresses", list);
        found.problem().ifPresent(problem -> info.addProperty("addressProblem", problem));
        if (request.isLocal()) {
            info.addProperty("outputDir", output.toString());
        }
        info.addProperty("freeBytes", store.freeBytes());
        info.addProperty("caFingerprint", authority.fingerprint());
        info.add("instances", members());
        return Response.Json.ok(info);
    }

    /** Where a page can go on when this instance is gone. */
    private JsonArray members() {
        JsonArray list = new JsonArray();
        for (Instance instance : instances.get()) {
            JsonObject item = new JsonObject();
            item.addProperty("id", instance.id());
            item.addProperty("name", instance.name());
            item.addProperty("url", instance.url());
            item.addProperty("state", instance.state());
            item.addProperty("self", instance.self());
            list.add(item);
        }
        return list;
    }

    private Response certificate(Request request) {
        return new Response.Bytes(
                200,
                "application/x-x509-ca-cert",
                ByteBuffer.wrap(authority.der()),
                Map.of("Content-Disposition", "attachment; filename=\"quickdrop-ca.crt\""));
    }

    private Response mediaSession(Request request) {
        return new Response.Empty(204, Map.of("Set-Cookie", mediaCookie.setCookieHeader()));
    }
}
