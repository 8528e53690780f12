package io.quickdrop.server;

import io.quickdrop.server.names.FileNames;
import io.quickdrop.server.recordings.FileNaming;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** How the files of takes are named. */
final class TakeNaming {
    /** A take may begin days before it arrives: phones record offline. */
    private static final Duration CLOCK_TRUST = Duration.ofDays(8);

    private TakeNaming() {}

    /** A take is named by when it began, which its phone knows; a phone whose clock is far off is not believed. */
    static FileNaming in(ZoneId zone) {
        return (description, begun, taken) -> {
            Instant claimed = Instant.ofEpochMilli(description.ts());
            boolean plausible = Duration.between(claimed, begun).abs().compareTo(CLOCK_TRUST) < 0;
            String label = description.label() == null ? "" : description.label();
            return FileNames.of(label, plausible ? claimed : begun, zone, description.ext(), taken + 1);
        };
    }
}
