package io.quickdrop.server.doctor;

import io.quickdrop.server.http.DoorWatch;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Counts what happens at the door. Safe on any thread. */
public final class DoorBook implements DoorWatch {
    private static final int MAX_HOST_CHARS = 100;

    private final Predicate<InetAddress> isOwn;
    private final LongSupplier nanoTime;
    private Contacts counts = Contacts.none();
    private @Nullable Long lastNanos;

    /**
     * An empty book.
     *
     * @param isOwn whether an address is this computer's: what it asks of itself says nothing
     * @param nanoTime a monotonic clock
     */
    public DoorBook(Predicate<InetAddress> isOwn, LongSupplier nanoTime) {
        this.isOwn = isOwn;
        this.nanoTime = nanoTime;
    }

    /** What was counted since the start. */
    public synchronized Contacts contacts() {
        Long last = lastNanos;
        Optional<Duration> ago =
                last == null ? Optional.empty() : Optional.of(Duration.ofNanos(nanoTime.getAsLong() - last));
        Contacts c = counts;
        return new Contacts(
                c.connections(),
                c.certificateRefused(),
                c.handshakesFailed(),
                c.handshakes(),
                c.hostsRefused(),
                c.refusedHost(),
                c.pages(),
                c.pairings(),
                c.sockets(),
                c.socketsRefused(),
                ago);
    }

    @Override
    public void connected(InetAddress remote) {
        count(remote, 1, 0, 0, 0, 0, null, 0, 0, 0, 0);
    }

    @Override
    public void handshakeFailed(InetAddress remote, String why) {
        // Names of alerts (RFC 8446 section 6) as OpenSSL and Java spell them.
        String alert = why.toLowerCase(Locale.ROOT).replace(' ', '_');
        boolean certificate =
                alert.contains("unknown_ca") || alert.contains("certificate") || alert.contains("unknown_authority");
        count(remote, 0, certificate ? 1 : 0, certificate ? 0 : 1, 0, 0, null, 0, 0, 0, 0);
    }

    @Override
    public void handshakeDone(InetAddress remote) {
        count(remote, 0, 0, 0, 1, 0, null, 0, 0, 0, 0);
    }

    @Override
    public void hostRefused(InetAddress remote, @Nullable String host) {
        String shown = host == null ? null : host.substring(0, Math.min(host.length(), MAX_HOST_CHARS));
        count(remote, 0, 0, 0, 0, 1, shown, 0, 0, 0, 0);
    }

    @Override
    public void answered(InetAddress remote, String path) {
        int page = path.equals("/phone") ? 1 : 0;
        int pairing = path.equals("/api/pair") ? 1 : 0;
        if (page + pairing > 0) {
            count(remote, 0, 0, 0, 0, 0, null, page, pairing, 0, 0);
        }
    }

    @Override
    public void upgraded(InetAddress remote, boolean letIn) {
        count(remote, 0, 0, 0, 0, 0, null, 0, 0, letIn ? 1 : 0, letIn ? 0 : 1);
    }

    private synchronized void count(
            InetAddress remote,
            int connections,
            int certificateRefused,
            int failed,
            int handshakes,
            int hosts,
            @Nullable String host,
            int pages,
            int pairings,
            int sockets,
            int socketsRefused) {
        if (remote.isLoopbackAddress() || isOwn.test(remote)) {
            return;
        }
        lastNanos = nanoTime.getAsLong();
        Contacts c = counts;
        counts = new Contacts(
                c.connections() + connections,
                c.certificateRefused() + certificateRefused,
                c.handshakesFailed() + failed,
                c.handshakes() + handshakes,
                c.hostsRefused() + hosts,
                host == null ? c.refusedHost() : host,
                c.pages() + pages,
                c.pairings() + pairings,
                c.sockets() + sockets,
                c.socketsRefused() + socketsRefused,
                Optional.empty());
    }
}
