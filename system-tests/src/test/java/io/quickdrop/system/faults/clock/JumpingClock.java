package io.quickdrop.system.faults.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The wall clock, and what it is off by. Safe on any thread. */
final class JumpingClock extends Clock {
    private volatile Duration offBy = Duration.ZERO;

    /** From now on it is off by so much. */
    void jump(Duration by) {
        offBy = by;
    }

    @Override
    public Instant instant() {
        return Clock.systemUTC().instant().plus(offBy);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("only instants are asked for");
    }
}
