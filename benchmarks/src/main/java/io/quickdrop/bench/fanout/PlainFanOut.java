package io.quickdrop.bench.fanout;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.file.Path;

/**
 * The least that a fan-out costs: what one connection sends is written to every other one, by reference, on plain Netty.
 * No windows, no tiles, no acknowledgements. Runs in a process of its own.
 */
final class PlainFanOut {
    private static final int MAX_FRAME_BYTES = 2 << 20;

    private PlainFanOut() {}

    /** Arguments: the folder of key and certificate; none means plain TCP. */
    public static void main(String[] arguments) throws Exception {
        ChannelGroup viewers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        Sockets.listen(arguments.length == 0 ? null : Path.of(arguments[0]), channel -> channel.pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(65_536))
                        .addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                .websocketPath("/ws")
                                .checkStartsWith(true)
                                .subprotocols(Load.SUBPROTOCOL)
                                .maxFramePayloadLength(MAX_FRAME_BYTES)
                                .build()))
                        .addLast(new FanOut(viewers)))
                .closeFuture()
                .sync();
    }

    private static final class FanOut extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final ChannelGroup viewers;

        FanOut(ChannelGroup viewers) {
            this.viewers = viewers;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof BinaryWebSocketFrame) {
                viewers.remove(ctx.channel()); // who sends pictures wants none back
                viewers.writeAndFlush(frame.retain());
            } else {
                viewers.add(ctx.channel()); // any text: "I watch"
                ctx.writeAndFlush(new TextWebSocketFrame("you are in"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            cause.printStackTrace();
            ctx.close();
        }
    }
}
