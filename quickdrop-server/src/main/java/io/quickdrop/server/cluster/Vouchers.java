package io.quickdrop.server.cluster;

import io.quickdrop.server.access.Token;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * What one instance writes for another and only that one believes, for a while and for one purpose: an end, and a code over
 * writer, reader and end that only who has the cluster's secret can make. Safe on any thread.
 */
final class Vouchers {
    private final ClusterSecret secret;
    private final String purpose;
    private final String selfId;
    private final InstantSource clock;
    private final Duration goodFor;

    /** @param purpose what one is good for; it is good for no other */
    Vouchers(ClusterSecret secret, String purpose, String selfId, InstantSource clock, Duration goodFor) {
        this.secret = secret;
        this.purpose = purpose;
        this.selfId = selfId;
        this.clock = clock;
        this.goodFor = goodFor;
    }

    /** By its parts; {@code until} in milliseconds since 1970. */
    record Voucher(String from, long until, String mac) {}

    /** Written by this instance for another. */
    Voucher write(String to) {
        long until = clock.millis() + goodFor.toMillis();
        return new Voucher(selfId, until, mac(selfId, to, until));
    }

    /**
     * The instance that wrote it for this one; empty if it is none, or too old. Takes the same time for every wrong code.
     *
     * @param shown with the groups {@code from}, {@code until} (at most 15 digits) and {@code mac}
     */
    Optional<String> writer(Matcher shown) {
        if (!shown.matches()) {
            return Optional.empty();
        }
        String from = shown.group("from");
        long until = Long.parseLong(shown.group("until"));
        long left = until - clock.millis();
        boolean inTime = left > 0 && left <= 2 * goodFor.toMillis();
        boolean right = Token.same(mac(from, selfId, until), shown.group("mac"));
        return inTime && right ? Optional.of(from) : Optional.empty();
    }

    private String mac(String from, String to, long until) {
        return secret.derive(purpose, from + " " + to + " " + until);
    }
}
