package io.quickdrop.relay.desktop.agent;

import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.meter.RateMeter;
import io.quickdrop.relay.desktop.meter.WindowedMinimum;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an agent has on its way to the server, over all its streams; says before anything is captured whether one more frame
 * has room. The server's acknowledgements make room; so does time, since no acknowledgement that is lost may stop a
 * stream: the heartbeat decides about life, not this window. A new registration starts with nothing on its way.
 *
 * <p>Pure; confined to one thread.
 */
public final class SourceWindow {
    /**
     * How much may be on its way.
     *
     * @param frames most frames, those that are being captured included
     * @param bytes no frame begins above; so at most this and one frame are ever held
     * @param queueing no frame begins while the oldest on its way is this much older than the least round trip: what is
     *     held is what the way carries in that time, however narrow it is
     * @param entryLife a frame that is not acknowledged in this time no longer counts, and neither does a place that was
     *     kept for one
     */
    public record Bounds(int frames, long bytes, Duration queueing, Duration entryLife) {
        /** @throws IllegalArgumentException unless all are positive */
        public Bounds {
            if (frames < 1 || bytes < 1 || !isPositive(queueing) || !isPositive(entryLife)) {
                throw new IllegalArgumentException("frames " + frames + ", bytes " + bytes + ", queueing " + queueing
                        + ", entry's life " + entryLife + ": allowed is what is above 0");
            }
        }

        /**
         * 10 frames; 4 MiB, what 100 Mbit/s carry in a round trip of 300 ms; 400 ms, below the 500 ms at which pictures get
         * worse, so that fewer come before; 5 s, three of which fit into the time in which a dead server is found.
         */
        public static Bounds defaults() {
            return new Bounds(10, 4 << 20, Duration.ofMillis(400), Duration.ofSeconds(5));
        }

        private static boolean isPositive(Duration duration) {
            return !duration.isNegative() && !duration.isZero();
        }
    }

    /**
     * Frames arrived.
     *
     * @param bytes of all that this acknowledgement freed
     * @param roundTrip of the newest of them
     * @param bytesPerSecond how much arrived while the newest was on its way, over that time: what the way carries, if
     *     pictures queued on it
     */
    public record Arrived(int frames, long bytes, Duration roundTrip, double bytesPerSecond) {}

    /** A place in the window: kept while {@code frameNumber} is 0, and then on its way. */
    private record Entry(StreamKey stream, long frameNumber, long bytes, Instant since, long arrivedBefore) {}

    /** A round trip over a satellite: nobody is farther away. */
    private static final Duration WHILE_UNKNOWN = Duration.ofMillis(600);

    private final Bounds bounds;
    /** By ticket, so oldest first. */
    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    private final Map<StreamKey, Long> frameNumbers = new HashMap<>();
    private final WindowedMinimum roundTrips = new WindowedMinimum(Duration.ofSeconds(30));
    private long nextTicket = 1;
    private long firstTicketOfEpoch = 1;
    private long epoch;
    private final RateMeter sentFrames = new RateMeter();
    private final RateMeter sentBytes = new RateMeter();
    private long bytesInFlight;
    private long arrivedBytes;
    private long skipped;

    public SourceWindow(Bounds bounds) {
        this.bounds = bounds;
    }

    /** A registration begins. Nothing of the one before is on its way any more. */
    public void begin(long newEpoch) {
        end();
        epoch = newEpoch;
        skipped = 0;
        roundTrips.forget(); // the way may be another
    }

    /** The registration is gone: until the next nothing has room. */
    public void end() {
        entries.clear();
        frameNumbers.clear();
        firstTicketOfEpoch = nextTicket;
        bytesInFlight = 0;
        epoch = 0;
    }

    /** Keeps a place for one more frame; empty if there is none. */
    public OptionalLong reserve(StreamKey stream, Instant now) {
        expire(now);
        if (epoch == 0
                || entries.size() >= bounds.frames
                || bytesInFlight >= bounds.bytes
                || queueing(now).compareTo(bounds.queueing) > 0) {
            return OptionalLong.empty();
        }
        long ticket = nextTicket++;
        entries.put(ticket, new Entry(stream, 0, 0, now, 0));
        return OptionalLong.of(ticket);
    }

    /** A frame that was due is not captured, for want of room. */
    public void skip() {
        skipped++;
    }

    /** The place is not needed. */
    public void release(long ticket) {
        entries.remove(ticket);
    }

    /**
     * A frame is sent.
     *
     * @return its number; empty if its place was kept by another registration: then it must not be sent
     */
    public OptionalLong sent(long ticket, StreamKey stream, long bytes, Instant now) {
        if (epoch == 0 || ticket < firstTicketOfEpoch) {
            return OptionalLong.empty();
        }
        long number = frameNumbers.merge(stream, 1L, Long::sum);
        entries.remove(ticket); // to the end: frames are acknowledged in the order in which they are sent
        entries.put(nextTicket++, new Entry(stream, number, bytes, now, arrivedBytes));
        bytesInFlight += bytes;
        sentFrames.add(1, micros(now));
        sentBytes.add(bytes, micros(now));
        return OptionalLong.of(number);
    }

    /** The server has this frame of a stream, and all before it; empty if that is no news. */
    public Optional<Arrived> acknowledged(StreamKey stream, long ofEpoch, long frameNumber, Instant now) {
        if (ofEpoch != epoch) {
            return Optional.empty();
        }
        List<Entry> arrived = new ArrayList<>();
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            if (entry.frameNumber > 0 && entry.frameNumber <= frameNumber && entry.stream.equals(stream)) {
                arrived.add(entry);
                all.remove();
            }
        }
        if (arrived.isEmpty()) {
            return Optional.empty();
        }
        long bytes = arrived.stream().mapToLong(Entry::bytes).sum();
        bytesInFlight -= bytes;
        arrivedBytes += bytes;
        Entry newest = arrived.get(arrived.size() - 1);
        Duration roundTrip = Duration.between(newest.since, now);
        roundTrip(roundTrip, now);
        double seconds = Math.max(roundTrip.toNanos() / 1e9, 0.001);
        return Optional.of(
                new Arrived(arrived.size(), bytes, roundTrip, (arrivedBytes - newest.arrivedBefore) / seconds));
    }

    /** The server answered something else after this time, for example a ping. */
    public void roundTrip(Duration roundTrip, Instant now) {
        roundTrips.add(Math.max(0, roundTrip.toNanos() / 1000), micros(now));
    }

    /** Forgets what is too old to be still on its way. */
    public void expire(Instant now) {
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            if (!now.isBefore(entry.since.plus(bounds.entryLife))) {
                bytesInFlight -= entry.bytes;
                all.remove();
            }
        }
    }

    /** How much longer than the least round trip the oldest frame on its way has been there. */
    public Duration queueing(Instant now) {
        for (Entry entry : entries.values()) {
            if (entry.frameNumber > 0) {
                return beyondLeast(Duration.between(entry.since, now), now);
            }
        }
        return Duration.ZERO;
    }

    /** How much longer this round trip took than the least of late. */
    public Duration beyondLeast(Duration roundTrip, Instant now) {
        Duration extra = roundTrip.minus(leastRoundTrip(now, WHILE_UNKNOWN));
        return extra.isNegative() ? Duration.ZERO : extra;
    }

    /** The least round trip of the last 30 s; zero while unknown. */
    public Duration leastRoundTrip(Instant now) {
        return leastRoundTrip(now, Duration.ZERO);
    }

    private Duration leastRoundTrip(Instant now, Duration otherwise) {
        return Duration.ofNanos(1000 * roundTrips.minimum(micros(now), otherwise.toNanos() / 1000));
    }

    /** Frames on their way, and places kept. */
    public int framesInFlight() {
        return entries.size();
    }

    /** Bytes on their way. */
    public long bytesInFlight() {
        return bytesInFlight;
    }

    /** Frames a second that were sent over the last two. */
    public double framesPerSecond(Instant now) {
        return sentFrames.perSecond(micros(now));
    }

    /** Bits a second that were sent over the last two. */
    public double bitsPerSecond(Instant now) {
        return 8 * sentBytes.perSecond(micros(now));
    }

    /** Frames of this registration that were not captured since there was no room. */
    public long skipped() {
        return skipped;
    }

    /** The registration; 0 for none. */
    public long epoch() {
        return epoch;
    }

    private static long micros(Instant time) {
        return Duration.between(Instant.EPOCH, time).toNanos() / 1000;
    }
}
