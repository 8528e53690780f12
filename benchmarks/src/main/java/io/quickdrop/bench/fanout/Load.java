package io.quickdrop.bench.fanout;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The clients' event loops and connections. */
final class Load implements AutoCloseable {
    static final String SUBPROTOCOL = "quickdrop.v2";
    private static final int MAX_FRAME_BYTES = 2 << 20;

    /** Who hears what arrives on one connection, on its event loop. */
    interface Client {
        /** The WebSocket is open. */
        default void opened(Socket socket) {}

        /** A text frame came. */
        default void text(Socket socket, String text) {}

        /** A binary frame came; the buffer is good for this call only. */
        default void binary(Socket socket, ByteBuf bytes) {}

        /** The connection ended or failed. */
        void failed(String why);
    }

    /** An open connection. */
    static final class Socket {
        private final Channel channel;

        Socket(Channel channel) {
            this.channel = channel;
        }

        void text(String text) {
            channel.writeAndFlush(new TextWebSocketFrame(text));
        }

        void binary(ByteBuffer bytes) {
            channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
        }

        /** Runs a task on this connection's event loop. */
        void later(Runnable task, long nanos) {
            channel.eventLoop().schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private final EventLoopGroup loops;
    private final boolean epoll = Epoll.isAvailable();
    private final URI server;
    private final @Nullable SslContext tls;

    /** @param tls whether the server speaks TLS; its certificate is taken as it is, since the benchmark started it */
    Load(int port, boolean tls) throws SSLException {
        server = URI.create((tls ? "wss" : "ws") + "://localhost:" + port + "/ws");
        loops = new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.tls = tls
                ? SslContextBuilder.forClient()
                        .sslProvider(SslProvider.OPENSSL)
                        .endpointIdentificationAlgorithm(null)
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build()
                : null;
    }

    /**
     * Connects; the outcome is told to {@code client}.
     *
     * @param authorization the header of that name; null for none
     */
    void connect(Client client, @Nullable String authorization) {
        HttpHeaders headers = new DefaultHttpHeaders();
        if (authorization != null) {
            headers.set("Authorization", authorization);
        } else {
            headers.set("Origin", "https://localhost:" + server.getPort());
        }
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(server)
                .version(WebSocketVersion.V13)
                .subprotocol(SUBPROTOCOL)
                .customHeaders(headers)
                .maxFramePayloadLength(MAX_FRAME_BYTES)
                .build();
        new Bootstrap()
                .group(loops)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline()
                                    .addLast(tls.newHandler(channel.alloc(), server.getHost(), server.getPort()));
                        }
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(65_536))
                                .addLast(new WebSocketClientProtocolHandler(config))
                                .addLast(new Ears(client));
                    }
                })
                .connect(server.getHost(), server.getPort())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        client.failed(String.valueOf(done.cause()));
                    }
                });
    }

    @Override
    public void close() {
        loops.shutdownGracefully().awaitUninterruptibly();
    }

    private static final class Ears extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Client client;
        private @Nullable Socket socket;

        Ears(Client client) {
            this.client = client;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                socket = new Socket(ctx.channel());
                client.opened(socket);
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            Socket open = socket;
            if (open == null) {
                return;
            }
            if (frame instanceof TextWebSocketFrame text) {
                client.text(open, text.text());
            } else if (frame instanceof BinaryWebSocketFrame) {
                client.binary(open, frame.content());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            client.failed("the connection is closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            client.failed(String.valueOf(cause));
            ctx.close();
        }
    }
}
