package io.quickdrop.server.cluster;

import io.quickdrop.server.cluster.Vouchers.Voucher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a viewer shows at another instance to which it was sent: made by the one, checked by the other, with nothing but the
 * common secret between them. Good for one instance, for watching, and for a minute. Immutable and safe on any thread.
 */
public final class Tickets {
    /** Covers a page that is slow, and clocks that differ by seconds. */
    static final Duration GOOD_FOR = Duration.ofSeconds(60);

    private static final String PURPOSE = "ticket";
    /** A subprotocol's name is a token of RFC 9110 section 5.6.2: dots are allowed, and no key or token of ours has one. */
    private static final Pattern FORM =
            Pattern.compile("t[.](?<from>[A-Za-z0-9-]{8,64})[.](?<until>[0-9]{1,15})[.](?<mac>[A-Za-z0-9_-]{43})");

    private final Vouchers vouchers;

    /** Makes and checks those of the instance {@code selfId}. */
    public Tickets(ClusterSecret secret, String selfId, InstantSource clock) {
        this.vouchers = new Vouchers(secret, PURPOSE, selfId, clock, GOOD_FOR);
    }

    /** Lets a viewer of ours watch at another instance. */
    public String issue(String to) {
        Voucher written = vouchers.write(to);
        return "t." + written.from() + "." + written.until() + "." + written.mac();
    }

    /** The instance that issued it for us; empty if it is none of ours, or too old. */
    public Optional<String> issuer(String ticket) {
        return vouchers.writer(FORM.matcher(ticket));
    }
}
