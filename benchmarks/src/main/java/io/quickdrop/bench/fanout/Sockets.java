package io.quickdrop.bench.fanout;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.tls.ServerCertificate;
import io.quickdrop.server.tls.TlsDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A listening port with the socket options of the product's own, so that both sides of the comparison have the same. */
final class Sockets {
    private static final long UNSENT_LOW_WATER_BYTES = 32 * 1024;

    private Sockets() {}

    /** Puts handlers behind the (TLS and) TCP of a new connection. */
    interface Pipeline {
        /** The connection is there. */
        void fill(SocketChannel channel);
    }

    /**
     * Listens on loopback and prints {@code port N}.
     *
     * @param tlsFolder where key and certificate are, or are made; null means plain TCP
     */
    static Channel listen(@Nullable Path tlsFolder, Pipeline pipeline) throws IOException {
        boolean epoll = Epoll.isAvailable();
        var factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup acceptors = new MultiThreadIoEventLoopGroup(1, factory);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(factory);
        SslContext tls = tlsFolder == null ? null : tls(tlsFolder);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptors, loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        pipeline.fill(channel);
                    }
                });
        if (epoll) {
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_LOW_WATER_BYTES);
        }
        Channel listening = bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        System.out.println("port " + ((InetSocketAddress) listening.localAddress()).getPort());
        System.out.flush();
        return listening;
    }

    private static SslContext tls(Path folder) throws IOException {
        Set<HostName> hosts = Set.of(HostName.parse("localhost").orElseThrow());
        TlsDirectory directory = new TlsDirectory(folder, Clock.systemUTC());
        ServerCertificate certificate = directory.certificate(directory.authority(hosts), hosts);
        return SslContextBuilder.forServer(certificate.key(), certificate.chain())
                .sslProvider(SslProvider.OPENSSL)
                .build();
    }
}
