package io.quickdrop.server.cluster;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
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

    private final ClusterSecret secret;
    private final String selfId;
    private final InstantSource clock;

    /** Speaks for the instance {@code selfId}. */
    public InstanceToken(ClusterSecret secret, String selfId, InstantSource clock) {
        this.secret = secret;
        this.selfId = selfId;
        this.clock = clock;
    }

    /** What this instance sends to another. */
    public String header(String to) {
        long until = clock.millis() + GOOD_FOR.toMillis();
        return SCHEME + " " + selfId + " " + until + " " + mac(selfId, to, until);
    }

    /** The instance that sent this to us; empty if none did. Takes the same time for every wrong mac. */
    public Optional<String> sender(@Nullable String header) {
        Matcher match = HEADER.matcher(header == null ? "" : header.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        long until = Long.parseLong(match.group("until"));
        long left = until - clock.millis();
        boolean inTime = left > 0 && left <= 2 * GOOD_FOR.toMillis();
        boolean right = same(mac(match.group("from"), selfId, until), match.group("mac"));
        return inTime && right ? Optional.of(match.group("from")) : Optional.empty();
    }

    private String mac(String from, String to, long until) {
        return secret.derive(PURPOSE, from + " " + to + " " + until);
    }

    static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
