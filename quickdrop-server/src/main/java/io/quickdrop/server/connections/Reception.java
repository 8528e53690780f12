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
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.server.access.Authorization;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.HostAllowlist;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.http.Site;
import io.quickdrop.server.observers.ObserverDesk;
import io.quickdrop.server.ws.SocketUpgrade;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges upgrade requests. Of v2, a page must come from this server (exact Origin) and show a key, or be on the server's
 * own machine. Of v1, which has neither keys nor an Origin outside browsers, only the own machine is let in unless the
 * operator allows more.
 */
public final class Reception implements Site.SocketDoor {
    private final Supplier<HostAllowlist> allowlist;
    private final Authorization authorization;
    private final Relay relay;
    private final ObserverDesk observers;
    private final boolean allowV1;
    private final Supplier<LinkMessage.HelloV1> helloV1;

    /**
     * Opens the desk.
     *
     * @param allowV1 whether v1 is served to other machines
     */
    public Reception(
            Supplier<HostAllowlist> allowlist,
            Authorization authorization,
            Relay relay,
            ObserverDesk observers,
            boolean allowV1,
            Supplier<LinkMessage.HelloV1> helloV1) {
        this.allowlist = allowlist;
        this.authorization = authorization;
        this.relay = relay;
        this.observers = observers;
        this.allowV1 = allowV1;
        this.helloV1 = helloV1;
    }

    @Override
    public Site.Admission judge(InetAddress remote, HttpHeaders headers) {
        String subprotocols = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        Optional<Generation> chosen = SocketUpgrade.generation(subprotocols);
        if (chosen.isEmpty()) {
            return refusal(400, "SUBPROTOCOL_NOT_KNOWN: found '" + subprotocols + "'; allowed is quickdrop.v2");
        }
        Generation generation = chosen.get();
        Authorization.Identity identity =
                authorization.identify(remote, headers.get(HttpHeaderNames.AUTHORIZATION), subprotocols);
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        boolean ownOrigin = allowlist.get().checkOrigin(origin, identity.byBearer()) == HostAllowlist.Verdict.ALLOWED;
        boolean v1WithoutOrigin = generation == Generation.V1 && origin == null;
        if (!ownOrigin && !v1WithoutOrigin) {
            return refusal(403, HostAllowlist.Verdict.ORIGIN_NOT_ALLOWED.name());
        }
        if (generation == Generation.V1) {
            return v1(remote);
        }
        return v2(identity.principal(), remote.isLoopbackAddress());
    }

    private Site.Admission v1(InetAddress remote) {
        if (!allowV1 && !remote.isLoopbackAddress()) {
            return refusal(403, "V1_NOT_ALLOWED: start the server with --allow-v1 to serve v1 clients on the network");
        }
        PeerIdentity identity = new PeerIdentity(DeviceName.V1, true);
        return (ctx, request) -> SocketUpgrade.accept(
                ctx,
                request,
                Generation.V1,
                connection ->
                        relay.connected(connection, identity, Generation.V1, helloV1.get(), (peer, message) -> false));
    }

    private Site.Admission v2(Principal principal, boolean local) {
        if (principal instanceof Principal.Anonymous anonymous) {
            SocketUpgrade.Refusal refusal = anonymous.reason() == Principal.Reason.REVOKED
                    ? new SocketUpgrade.Refusal(CloseCode.FORBIDDEN, "this device was revoked; pair it again")
                    : new SocketUpgrade.Refusal(CloseCode.NOT_AUTHENTICATED, "pair this device first");
            return (ctx, request) -> SocketUpgrade.refuse(ctx, request, Generation.V2, refusal);
        }
        String device = principal instanceof Principal.Device paired ? DeviceName.of(paired.id()) : DeviceName.OPERATOR;
        boolean operates = principal.mayOperate();
        LinkMessage.Hello hello = relay.hello(); // asks the disk for room: here, not on the event loop
        return (ctx, request) -> SocketUpgrade.accept(
                ctx,
                request,
                Generation.V2,
                connection -> relay.connected(
                        connection,
                        new PeerIdentity(device, principal.mayUpload()),
                        Generation.V2,
                        hello,
                        (peer, message) -> operates && observe(peer, message, local)));
    }

    private boolean observe(Peer peer, Message message, boolean local) {
        if (message instanceof ObserverMessage.SubscribeObserver) {
            observers.subscribe(peer, local);
            return true;
        }
        return false;
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
