package io.quickdrop.bench.fanout;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.command.InMemoryCommandStore;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.desktop.InMemoryDesktopRegistry;
import io.quickdrop.relay.driver.pull.Neighbours;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.server.ws.SocketUpgrade;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * The relay with the server's own transport, and nothing else of the server: no accounts, no pages, no disk. Runs in a
 * process of its own.
 */
final class RelayFanOut {
    private RelayFanOut() {}

    /**
     * Arguments: the folder of key and certificate, none means plain TCP; and the port of the instance that has the desktops
     * of {@link OneOwner}, none means that they come here.
     */
    public static void main(String[] arguments) throws Exception {
        Relay relay = new Relay(
                RelayConfig.defaults("benchmark"),
                new InMemoryRecordingStore(Clock.systemUTC()),
                new ThreadWorkers(),
                Clock.systemUTC(),
                new RelayListener() {});
        Neighbours neighbours = arguments.length < 2 ? Neighbours.NONE : new OneOwner(Integer.parseInt(arguments[1]));
        DesktopRelay desktops = new DesktopRelay(
                DesktopConfig.defaults(),
                relay,
                new InMemoryDesktopRegistry(),
                DesktopGate.open(),
                Clock.systemUTC(),
                new DesktopListener() {},
                neighbours,
                new InMemoryCommandStore(clientId -> Optional.empty(), Clock.systemUTC()));
        desktops.restore();
        if (neighbours instanceof OneOwner) {
            desktops.elsewhere(OneOwner.desktops());
        }
        // The upgrade expects the names that the server's own pipeline has.
        Sockets.listen(arguments.length == 0 ? null : Path.of(arguments[0]), channel -> channel.pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast("aggregator", new HttpObjectAggregator(65_536))
                        .addLast("request-deadline", new ChannelInboundHandlerAdapter())
                        .addLast("bodies", new ChannelInboundHandlerAdapter())
                        .addLast("chunks", new ChannelInboundHandlerAdapter())
                        .addLast(new Door(relay, desktops))
                        .addLast("last-resort", new LastResort()))
                .closeFuture()
                .sync();
    }

    /** Lets everybody in: who says `Authorization` is a desktop or another instance, and the others watch. */
    private static final class Door extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final Relay relay;
        private final DesktopRelay desktops;

        Door(Relay relay, DesktopRelay desktops) {
            this.relay = relay;
            this.desktops = desktops;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            String who = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
            boolean agent = !who.isEmpty() && !who.equals(OneOwner.INSTANCE);
            PeerIdentity identity = new PeerIdentity("benchmark", false);
            SocketUpgrade.accept(
                    ctx,
                    request,
                    Generation.V2,
                    connection -> agent
                            ? desktops.agentConnected(connection, identity)
                            : relay.connected(
                                    connection,
                                    identity,
                                    Generation.V2,
                                    relay.hello(),
                                    who.isEmpty() ? desktops.viewer("benchmark", true) : desktops.puller("other")));
        }
    }

    private static final class LastResort extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            cause.printStackTrace();
            ctx.close();
        }
    }
}
