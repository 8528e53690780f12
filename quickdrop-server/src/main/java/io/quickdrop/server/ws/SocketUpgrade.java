package io.quickdrop.server.ws;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns an HTTP request into a WebSocket. {@code permessage-deflate} is declined: it breaks Apple's stack, pictures and
 * video don't shrink, and it invites bombs.
 */
public final class SocketUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(SocketUpgrade.class);

    static final WebSocketDecoderConfig DECODER = WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(FrameSplitter.PART_BYTES)
            .allowExtensions(false)
            .expectMaskedFrames(true)
            .closeOnProtocolViolation(false)
            .build();

    /** Says who takes an upgraded connection. */
    public interface Reception {
        /** The connection is open: greet it, and say who hears what arrives. */
        Peer receive(NettyConnection connection);
    }

    /** Why an upgrade is followed by a close: browsers can't see an HTTP status here. */
    public record Refusal(CloseCode code, String reason) {}

    private SocketUpgrade() {}

    /** The generation that the request's subprotocols choose; empty if they name none of ours. */
    public static Optional<Generation> generation(@Nullable String subprotocols) {
        if (subprotocols == null || subprotocols.isBlank()) {
            return Optional.of(Generation.V1);
        }
        boolean v2 =
                Arrays.stream(subprotocols.split(",", -1)).map(String::strip).anyMatch(Subprotocol.V2::equals);
        return v2 ? Optional.of(Generation.V2) : Optional.empty();
    }

    /** Answers the handshake and hands the connection over. Called on the channel's event loop. */
    public static void accept(
            ChannelHandlerContext ctx, FullHttpRequest request, Generation generation, Reception reception) {
        shake(ctx, request, generation, channel -> {
            NettyConnection connection = new NettyConnection(channel);
            // Before the handler of last resort: errors of the decoder are told by close codes, not by a mute end.
            channel.pipeline()
                    .addBefore("last-resort", null, new SocketHandler(reception.receive(connection), connection));
        });
    }

    /** Answers the handshake and closes with a code that the page can read. */
    public static void refuse(
            ChannelHandlerContext ctx, FullHttpRequest request, Generation generation, Refusal refusal) {
        shake(ctx, request, generation, channel -> new NettyConnection(channel)
                .close(refusal.code().code(), refusal.reason()));
    }

    private interface Upgraded {
        void run(Channel channel);
    }

    private static void shake(
            ChannelHandlerContext ctx, FullHttpRequest request, Generation generation, Upgraded then) {
        String url = "wss://" + request.headers().get(HttpHeaderNames.HOST) + request.uri();
        WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory(
                        url, generation == Generation.V2 ? Subprotocol.V2 : null, DECODER)
                .newHandshaker(request);
        Channel channel = ctx.channel();
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(channel);
            return;
        }
        ChannelFuture shaken = handshaker.handshake(channel, request, new DefaultHttpHeaders(), channel.newPromise());
        ChannelPipeline pipeline = channel.pipeline();
        long maxMessage = generation == Generation.V2 ? Limits.MAX_BINARY_BYTES : Limits.MAX_V1_BINARY_BYTES;
        pipeline.addBefore("wsdecoder", "frame-splitter", new FrameSplitter(maxMessage));
        pipeline.addAfter("wsdecoder", "utf8", new Utf8FrameValidator());
        pipeline.remove("request-deadline");
        pipeline.remove("bodies");
        pipeline.remove("chunks");
        pipeline.remove(ctx.handler());
        shaken.addListener(done -> {
            if (done.isSuccess()) {
                then.run(channel);
            } else {
                LOG.debug("handshake with {} failed", channel.remoteAddress(), done.cause());
                channel.close();
            }
        });
    }
}
