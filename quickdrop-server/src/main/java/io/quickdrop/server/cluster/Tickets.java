package io.quickdrop.server.cluster;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
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

    private final ClusterSecret secret;
    private final String selfId;
    private final InstantSource clock;

    /** Makes and checks those of the instance {@code selfId}. */
    public Tickets(ClusterSecret secret, String selfId, InstantSource clock) {
        this.secret = secret;
        this.selfId = selfId;
        this.clock = clock;
    }

    /** Lets a viewer of ours watch at another instance. */
    public String issue(String to) {
        long until = clock.millis() + GOOD_FOR.toMillis();
        return "t." + selfId + "." + until + "." + mac(selfId, to, until);
    }

    /** The instance that issued it for us; empty if it is none of ours, or too old. Takes the same time for every wrong one. */
    public Optional<String> issuer(String ticket) {
        Matcher match = FORM.matcher(ticket);
        if (!match.matches()) {
            return Optional.empty();
        }
        long until = Long.parseLong(match.group("until"));
        long left = until - clock.millis();
        boolean inTime = left > 0 && left <= 2 * GOOD_FOR.toMillis();
        boolean right = InstanceToken.same(mac(match.group("from"), selfId, until), match.group("mac"));
        return inTime && right ? Optional.of(match.group("from")) : Optional.empty();
    }

    private String mac(String from, String to, long until) {
        return secret.derive(PURPOSE, from + " " + to + " watch " + until);
    }
}
