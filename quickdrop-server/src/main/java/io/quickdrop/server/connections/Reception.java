package io.quickdrop.server.connections;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.server.access.Authorization;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.HostAllowlist;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.http.Site;
import io.quickdrop.server.ws.SocketUpgrade;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges upgrade requests. Of v2, a page must come from this server (exact Origin) and show a key, or be on the server's
 * own machine; a desktop's agent comes without an Origin and proves its key afterwards, and until then it may do nothing
 * else. Another instance of the same store comes without an Origin either, and a page that it sent here with its own. Of v1, which has neither keys nor an Origin outside browsers, only the own machine is let in unless the operator
 * allows more.
 */
public final class Reception implements Site.SocketDoor {
    /** What an agent sends as {@code Authorization}: it holds no secret, and no page can send it. */
    private static final String AGENT_SCHEME = "Agent";

    private static final List<String> V1_CLIENT_TYPES = List.of(ClientInfo.DESKTOP, ClientInfo.WEB);

    private final Supplier<HostAllowlist> allowlist;
    private final Authorization authorization;
    private final Counters counters;
    private final boolean allowV1;

    /**
     * Opens the desk.
     *
     * @param counters who takes the connections that are let in
     * @param allowV1 whether v1 is served to other machines
     */
    public Reception(
            Supplier<HostAllowlist> allowlist, Authorization authorization, Counters counters, boolean allowV1) {
        this.allowlist = allowlist;
        this.authorization = authorization;
        this.counters = counters;
        this.allowV1 = allowV1;
    }

    @Override
    public Site.Admission judge(InetAddress remote, Map<String, List<String>> query, HttpHeaders headers) {
        String subprotocols = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        Optional<Generation> chosen = SocketUpgrade.generation(subprotocols);
        if (chosen.isEmpty()) {
            return refusal(400, "SUBPROTOCOL_NOT_KNOWN: found '" + subprotocols + "'; allowed is quickdrop.v2");
        }
        Generation generation = chosen.get();
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        String shown = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (generation == Generation.V2 && shown != null && shown.strip().equalsIgnoreCase(AGENT_SCHEME)) {
            return origin == null ? agent(remote) : refusal(403, HostAllowlist.Verdict.ORIGIN_NOT_ALLOWED.name());
        }
        Authorization.Identity identity = authorization.identify(remote, shown, subprotocols);
        boolean ownOrigin = allowlist.get().checkOrigin(origin, identity.byBearer()) == HostAllowlist.Verdict.ALLOWED
                || (mayComeFromElsewhere(identity.principal(), subprotocols) && authorization.isInstanceOrigin(origin));
        boolean v1WithoutOrigin = generation == Generation.V1 && origin == null;
        if (!ownOrigin && !v1WithoutOrigin) {
            return refusal(403, HostAllowlist.Verdict.ORIGIN_NOT_ALLOWED.name());
        }
        String inNameOf = headers.get(DeviceName.HEADER);
        if (identity.principal() instanceof Principal.Instance && inNameOf != null) {
            return putThrough(inNameOf);
        }
        return generation == Generation.V1 ? v1(remote, query) : v2(identity.principal(), remote);
    }

    /** Only an instance may speak in another's name. */
    private Site.Admission putThrough(String device) {
        if (!DeviceName.isValid(device)) {
            return refusal(400, "DEVICE_NOT_KNOWN: found '" + device + "'");
        }
        LinkMessage.Hello hello = counters.hello();
        return (ctx, request) -> SocketUpgrade.accept(
                ctx, request, Generation.V2, connection -> counters.putThrough(connection, device, hello));
    }

    /**
     * A page of another instance comes with a ticket; or with the operator's token, which opens all of them, when it looks
     * for one to go on at. To be on this machine is not enough: any page is.
     */
    private static boolean mayComeFromElsewhere(Principal principal, @Nullable String subprotocols) {
        return principal instanceof Principal.Guest
                || (principal instanceof Principal.Operator && Authorization.isShown(subprotocols));
    }

    private Site.Admission agent(InetAddress remote) {
        PeerIdentity identity = new PeerIdentity(DeviceName.agentAt(remote), false);
        return (ctx, request) ->
                SocketUpgrade.accept(ctx, request, Generation.V2, connection -> counters.agent(connection, identity));
    }

    private Site.Admission v1(InetAddress remote, Map<String, List<String>> query) {
        if (!allowV1 && !remote.isLoopbackAddress()) {
            return refusal(403, "V1_NOT_ALLOWED: start the server with --allow-v1 to serve v1 clients on the network");
        }
        String clientType = first(query, "client_type");
        if (clientType != null && !V1_CLIENT_TYPES.contains(clientType)) {
            return refusal(400, "CLIENT_TYPE_NOT_KNOWN: allowed are " + V1_CLIENT_TYPES + ", or none for a phone");
        }
        String clientId = first(query, "client_id");
        return (ctx, request) -> SocketUpgrade.accept(
                ctx, request, Generation.V1, connection -> counters.v1(connection, remote, clientType, clientId));
    }

    private static @Nullable String first(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() || values.get(0).isBlank() ? null : values.get(0);
    }

    private Site.Admission v2(Principal principal, InetAddress remote) {
        if (principal instanceof Principal.Anonymous anonymous) {
            SocketUpgrade.Refusal refusal = anonymous.reason() == Principal.Reason.REVOKED
                    ? new SocketUpgrade.Refusal(CloseCode.FORBIDDEN, "this device was revoked; pair it again")
                    : new SocketUpgrade.Refusal(CloseCode.NOT_AUTHENTICATED, "pair this device first");
            return (ctx, request) -> SocketUpgrade.refuse(ctx, request, Generation.V2, refusal);
        }
        LinkMessage.Hello hello = counters.hello(); // asks the disk for room: here, not on the event loop
        return (ctx, request) -> SocketUpgrade.accept(
                ctx, request, Generation.V2, connection -> counters.v2(connection, principal, remote, hello));
    }

    private static Site.Admission refusal(int status, @Nullable String reason) {
        return (ChannelHandlerContext ctx, FullHttpRequest request) -> {
            var body = Unpooled.copiedBuffer(reason + "\n", StandardCharsets.UTF_8);
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                    .set("X-Content-Type-Options", "nosniff");
            ctx.channel().writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        };
    }
}
