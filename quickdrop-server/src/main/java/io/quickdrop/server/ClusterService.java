package io.quickdrop.server;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.OperatorToken;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.Incarnation;
import io.quickdrop.server.catalogue.InstanceTable;
import io.quickdrop.server.catalogue.InstanceTable.Introduction;
import io.quickdrop.server.cluster.ClusterSecret;
import io.quickdrop.server.cluster.InstanceHttp;
import io.quickdrop.server.cluster.InstanceId;
import io.quickdrop.server.cluster.InstanceToken;
import io.quickdrop.server.cluster.Instances;
import io.quickdrop.server.cluster.Membership;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Everything about being one of several instances, wired together; one on its own is one as well. */
final class ClusterService implements AutoCloseable {
    /** A process that was killed is presumed dead after this time if it comes back at another address. */
    private static final Duration FORMER_LIFE = Duration.ofSeconds(7);

    private static final long JOIN_RETRY_MILLIS = 500;

    private final boolean several;
    private final ClusterSecret secret;
    private final Membership membership;
    private final InstanceToken token;
    private final InstanceHttp http;
    /** Its own thread: what hangs on a frozen store elsewhere must not make this instance silent. */
    private final ScheduledThreadPoolExecutor heart =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "membership"));

    /**
     * Becomes a member of the store.
     *
     * @param data this instance's own folder
     */
    ClusterService(
            ClusterSettings settings,
            Catalogue catalogue,
            Path data,
            Presence presence,
            Clock clock,
            SecureRandom random)
            throws IOException, StorageException {
        this.several = settings.database() != null;
        InstanceTable table = new InstanceTable(catalogue);
        String id = InstanceId.open(data).value();
        String pin = presence.authority().keyHash();
        this.secret = ClusterSecret.open(settings.secretFile(), table, random);
        this.membership = new Membership(
                table,
                () -> {
                    String url = url(settings, presence);
                    String name = settings.name();
                    return new Introduction(
                            id, name == null ? url.substring("https://".length()) : name, url, pin, storage(settings));
                },
                several ? Membership.Timing.ofSeveral() : Membership.Timing.alone(),
                System::nanoTime);
        this.token = new InstanceToken(secret, id, clock);
        this.http = new InstanceHttp(membership, token);
        join();
    }

    private static String url(ClusterSettings settings, Presence presence) {
        URI chosen = settings.url();
        return chosen == null ? presence.addresses().preferred().url(presence.port()) : chosen.toString();
    }

    /** Instances that share a folder say so; without a database there is nobody to share it with. */
    private static String storage(ClusterSettings settings) {
        return "";
    }

    /** Begins to say that this instance lives: the port is bound. */
    void start() {
        heart.execute(membership::beat);
        heart.scheduleWithFixedDelay(membership::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** What opens the dashboard on other machines: of several instances, one for all. */
    OperatorToken operatorToken(Path data, SecureRandom random) throws IOException {
        return several ? OperatorToken.of(secret.operatorToken()) : OperatorToken.open(data, random);
    }

    private void join() throws StorageException {
        long until = System.nanoTime() + FORMER_LIFE.multipliedBy(2).toNanos();
        while (!membership.join(several ? FORMER_LIFE : Duration.ZERO)) {
            if (System.nanoTime() - until > 0) {
                throw new StorageException(
                        StorageException.Kind.FAILED,
                        "another server with this one's id runs at another address: the data folder was copied. Delete "
                                + "the file instance-id in it");
            }
            try {
                Thread.sleep(JOIN_RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StorageException(StorageException.Kind.FAILED, "interrupted while joining the instances", e);
            }
        }
    }

    /** What this instance's writes name. */
    Incarnation incarnation() {
        return membership.incarnation();
    }

    Instances instances() {
        return membership;
    }

    InstanceHttp http() {
        return http;
    }

    @Override
    public void close() throws StorageException {
        heart.shutdownNow();
        membership.leave();
    }
}
