package io.quickdrop.server.ws;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.ConnectionContract;
import io.quickdrop.relay.testing.FramePeer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server's own transport keeps the contract that every transport keeps. */
final class NettyConnectionTest extends ConnectionContract {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final CompletableFuture<Connection> connection = new CompletableFuture<>();
    private @Nullable Channel listening;

    @Override
    protected Remote connect(Inbox local, Inbox remote) throws Exception {
        Channel bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(8192), new Upgrade(local));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        listening = bound;
        int port = ((InetSocketAddress) bound.localAddress()).getPort();
        FramePeer peer = FramePeer.client(port, Subprotocol.V2, heardBy(remote));
        return remote(peer);
    }

    @Override
    protected Connection connection() throws Exception {
        return connection.get(10, TimeUnit.SECONDS);
    }

    @Override
    protected void stopTransport() throws Exception {
        if (listening != null) {
            listening.close().sync();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    /** The upgrade without the server's front door. */
    private final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final Inbox inbox;

        Upgrade(Inbox inbox) {
            this.inbox = inbox;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            Channel channel = ctx.channel();
            new WebSocketServerHandshakerFactory("ws://localhost/ws", Subprotocol.V2, SocketUpgrade.DECODER)
                    .newHandshaker(request)
                    .handshake(channel, request)
                    .addListener(done -> {
                        NettyConnection opened = new NettyConnection(channel);
                        channel.pipeline().addLast(new InboxHandler(inbox, opened));
                        connection.complete(opened);
                    });
            channel.pipeline().addBefore("wsdecoder", "frame-splitter", new FrameSplitter(Limits.MAX_BINARY_BYTES));
            channel.pipeline().remove(this);
        }
    }

    /** Tells an inbox what {@link SocketHandler} tells a relay's peer. */
    private static final class InboxHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Inbox inbox;
        private final NettyConnection connection;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private int closeCode = 1006;

        InboxHandler(Inbox inbox, NettyConnection connection) {
            this.inbox = inbox;
            this.connection = connection;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) throws Exception {
            if (frame instanceof TextWebSocketFrame text) {
                inbox.text(text.text());
            } else if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
                frame.content().readBytes(message, frame.content().readableBytes());
                if (frame.isFinalFragment()) {
                    inbox.binary(ByteBuffer.wrap(message.toByteArray()));
                    message.reset();
                }
            } else if (frame instanceof PongWebSocketFrame) {
                inbox.alive();
            } else if (frame instanceof CloseWebSocketFrame close) {
                closeCode = close.statusCode();
                connection.closedByPeer(closeCode);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inbox.closed(closeCode);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
