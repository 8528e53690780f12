package io.quickdrop.bench.fanout;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.pull.Elsewhere;
import io.quickdrop.relay.driver.pull.Neighbours;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import io.quickdrop.websocket.WebSocketConnector;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/** The instance that has all desktops of a benchmark, as one that pulls them knows it; its certificate is taken as it is. */
final class OneOwner implements Neighbours {
    /** What an instance says as {@code Authorization}. */
    static final String INSTANCE = "Instance benchmark";

    private static final String ID = "owner";
    private static final int DESKTOPS = 500;

    private final Connector connector;

    OneOwner(int port) throws GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        this.connector =
                WebSocketConnector.forInstance(URI.create("wss://localhost:" + port + "/ws"), tls, INSTANCE, Map.of());
    }

    /** Name of one of the desktops; each registers once. */
    static String desktop(int number) {
        return "pulled-" + number;
    }

    static List<RemoteDesktop> desktops() {
        return IntStream.range(0, DESKTOPS)
                .mapToObj(i -> new RemoteDesktop(
                        PictureSource.info(desktop(i)), Generation.V2, 1, Instant.EPOCH, null, ID, "the owner"))
                .toList();
    }

    @Override
    public Optional<Connector> way(String instanceId) {
        return Optional.of(connector);
    }

    @Override
    public Optional<Elsewhere> offer(String instanceId) {
        return Optional.empty();
    }
}
