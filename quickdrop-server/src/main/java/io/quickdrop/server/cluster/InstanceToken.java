package io.quickdrop.server.cluster;

import io.quickdrop.server.cluster.Vouchers.Voucher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an instance shows another that it is one: {@code Authorization: Instance <from> <until> <mac>}, where the mac covers
 * who, for whom, and until when. One that was seen opens no other instance, and this one for minutes only. Immutable and
 * safe on any thread.
 */
public final class InstanceToken {
    /** The scheme of the Authorization header; no page can send it. */
    public static final String SCHEME = "Instance";

    private static final Pattern HEADER = Pattern.compile(
            "(?i:instance) +(?<from>[A-Za-z0-9-]{8,64}) (?<until>[0-9]{1,15}) (?<mac>[A-Za-z0-9_-]{43})");

    private static final String PURPOSE = "instance";
    /** Covers clocks that differ by minutes. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(10);

    private final Vouchers vouchers;

    /** Speaks for the instance {@code selfId}. */
    public InstanceToken(ClusterSecret secret, String selfId, InstantSource clock) {
        this.vouchers = new Vouchers(secret, PURPOSE, selfId, clock, GOOD_FOR);
    }

    /** What this instance sends to another. */
    public String header(String to) {
        Voucher written = vouchers.write(to);
        return SCHEME + " " + written.from() + " " + written.until() + " " + written.mac();
    }

    /** The instance that sent this to us; empty if none did. */
    public Optional<String> sender(@Nullable String header) {
        return vouchers.writer(HEADER.matcher(header == null ? "" : header.strip()));
    }
}
