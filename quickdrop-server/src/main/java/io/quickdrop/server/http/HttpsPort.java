package io.quickdrop.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The one port: TLS, HTTP/1.1 and WebSocket. */
public final class HttpsPort implements AutoCloseable {
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_BODY_BYTES = 64 * 1024;
    /** More than a home has devices; each costs about 50 KB with TLS. */
    private static final int MAX_CONNECTIONS = 1_000;
    /** Little of what is sent waits in the kernel, where it can't be superseded; Linux only. */
    private static final int UNSENT_LOW_WATER_BYTES = 32 * 1024;

    private final EventLoopGroup acceptors;
    private final EventLoopGroup loops;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listening;

    /**
     * Binds on all addresses.
     *
     * @param port 0 takes any free one, see {@link #port}
     * @throws IOException if the port can't be had
     */
    public HttpsPort(int port, TlsSource tls, Site site) throws IOException {
        boolean epoll = Epoll.isAvailable();
        var factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        acceptors = new MultiThreadIoEventLoopGroup(1, factory);
        loops = new MultiThreadIoEventLoopGroup(factory);
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptors, loops)
                .channel(type)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 512)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline(tls, site, open));
        if (epoll) {
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_LOW_WATER_BYTES);
        }
        ChannelFuture bound = bootstrap.bind(port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            shutDownLoops();
            throw new IOException(sentence(port, bound.cause()), bound.cause());
        }
        listening = bound.channel();
    }

    private static String sentence(int port, Throwable cause) {
        String found = String.valueOf(cause.getMessage());
        String lower = found.toLowerCase(Locale.ROOT);
        if (lower.contains("in use")) {
            return "port " + port + " is in use by another program: stop that one, or choose another with --port";
        }
        if (lower.contains("denied")) {
            return "port " + port + " is not open to this user: choose one above 1023 with --port";
        }
        return "port " + port + " can't be opened: " + found;
    }

    /** The TLS of new connections, asked for each: certificates may be replaced while the port is open. */
    public interface TlsSource {
        /** The present context. */
        SslContext current();
    }

    /** The port that was bound. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Closes the port and every connection, giving close frames a moment to leave. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        open.newCloseFuture().awaitUninterruptibly(1_500, TimeUnit.MILLISECONDS);
        open.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        shutDownLoops();
    }

    private void shutDownLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        acceptors.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        loops.terminationFuture().awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final TlsSource tls;
        private final Site site;
        private final ChannelGroup open;

        Pipeline(TlsSource tls, Site site, ChannelGroup open) {
            this.tls = tls;
            this.site = site;
            this.open = open;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (open.size() >= MAX_CONNECTIONS) {
                channel.close();
                return;
            }
            open.add(channel);
            site.watch().connected(channel.remoteAddress().getAddress());
            channel.pipeline()
                    .addLast(new PlainHttpRedirect(tls, site.allowlist()))
                    .addLast(new HandshakeWatch(site.watch()))
                    .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, 8192))
                    .addLast(RequestDeadline.NAME, new RequestDeadline())
                    .addLast(BodyDoor.NAME, new BodyDoor(site))
                    .addLast("aggregator", new HttpObjectAggregator(MAX_BODY_BYTES))
                    .addLast("chunks", new ChunkedWriteHandler())
                    .addLast(new FrontDoor(site))
                    .addLast("last-resort", new LastResort());
        }
    }

    /** Errors that nobody else took care of end the connection and nothing else. */
    private static final class LastResort extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
