package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the source should not exceed, from what its viewers' ways carry: the largest rate that at least three quarters of them
 * sustain at 0.85 of their delivery rate. Those below live on skipping.
 *
 * <p>One viewer's bad way must not make everybody's picture worse. So as long as there is one whose way is ample, nothing
 * limits; else, who carries less than an eighth of what the best does is not counted, nor is (the caller sees to it) who is
 * stalled, hidden or has no whole picture yet. A way counts only where it was seen full, since a source that has little to
 * send makes every way look narrow.
 *
 * <p>Down at once; up by 9 % each 3 s; lifted when the source does not use half of it, or somebody's way is ample. Pure;
 * confined to one thread.
 */
final class RateAllocator {
    private static final double SUSTAINED = 0.85;
    private static final double MAJORITY = 0.75;
    private static final int FAR_BELOW = 8;
    private static final double STEP_UP = 1.09;
    private static final long STEP_MICROS = 3_000_000;

    /**
     * One viewer that counts.
     *
     * @param name for people
     * @param deliveryBytesPerSecond the fastest of late
     * @param capacity bytes a second, where the way has shown that this is all
     * @param ample whether the way was not full for a long time
     * @param queueMicros how long pictures queue on the way
     * @param people how many it stands for
     */
    record Viewer(
            ViewerId id,
            String name,
            long deliveryBytesPerSecond,
            OptionalLong capacity,
            boolean ample,
            long queueMicros,
            int people) {
        /** One that stands for itself. */
        Viewer(
                ViewerId id,
                String name,
                long deliveryBytesPerSecond,
                OptionalLong capacity,
                boolean ample,
                long queueMicros) {
            this(id, name, deliveryBytesPerSecond, capacity, ample, queueMicros, 1);
        }

        /** Another instance, for whose viewers the source should not exceed this. */
        Viewer with(ViewerReport report) {
            Governing governing = report.governing();
            if (governing == null) {
                return new Viewer(id, name, deliveryBytesPerSecond, capacity, ample, queueMicros, report.visible());
            }
            long most = (long) Math.ceil(governing.deliveryKbps() * 125 / SUSTAINED);
            return new Viewer(
                    id,
                    "a viewer of " + name,
                    Math.min(deliveryBytesPerSecond, most),
                    OptionalLong.of(Math.min(capacity.orElse(most), most)),
                    false,
                    Math.max(queueMicros, 1000 * governing.queueDelayMs()),
                    report.visible());
        }
    }

    /**
     * The target.
     *
     * @param governing whose way sets it
     */
    record Target(ViewerId governing, String name, long queueMicros, long bytesPerSecond) {}

    private @Nullable Target target;
    private long raisedMicros;

    /**
     * Looks again; to be called several times a second.
     *
     * @param sourceBytesPerSecond what comes from the source now
     */
    Optional<Target> update(List<Viewer> viewers, double sourceBytesPerSecond, long nowMicros) {
        for (Viewer viewer : viewers) {
            if (viewer.ample) {
                target = null;
                return Optional.empty();
            }
        }
        Target old = target;
        Target wanted = sustained(viewers);
        if (old == null || (wanted != null && wanted.bytesPerSecond <= old.bytesPerSecond)) {
            target = wanted;
            raisedMicros = nowMicros;
        } else if (viewers.isEmpty() || (wanted == null && sourceBytesPerSecond < old.bytesPerSecond / 2.0)) {
            target = null;
        } else {
            boolean raise = nowMicros - raisedMicros >= STEP_MICROS;
            long rate = raise ? (long) (old.bytesPerSecond * STEP_UP) : old.bytesPerSecond;
            if (raise) {
                raisedMicros = nowMicros;
            }
            target = at(wanted == null ? rate : Math.min(rate, wanted.bytesPerSecond), wanted, old, viewers);
        }
        return Optional.ofNullable(target);
    }

    /** The rate with the name of the viewer that governs now, else of the one that did; null if that one has gone. */
    private static @Nullable Target at(long rate, @Nullable Target wanted, Target old, List<Viewer> viewers) {
        if (wanted != null) {
            return new Target(wanted.governing, wanted.name, wanted.queueMicros, rate);
        }
        for (Viewer viewer : viewers) {
            if (viewer.id.equals(old.governing)) {
                return new Target(viewer.id, viewer.name, viewer.queueMicros, rate);
            }
        }
        return null;
    }

    private static @Nullable Target sustained(List<Viewer> viewers) {
        long best = 0;
        for (Viewer viewer : viewers) {
            best = Math.max(best, viewer.deliveryBytesPerSecond);
        }
        List<Viewer> counted = new ArrayList<>();
        for (Viewer viewer : viewers) {
            if (capacityOf(viewer) >= best / FAR_BELOW) {
                counted.add(viewer);
            }
        }
        if (counted.isEmpty()) {
            return null;
        }
        counted.sort(Comparator.comparingLong(RateAllocator::capacityOf).reversed());
        Viewer last = majority(counted);
        return last.capacity.isEmpty()
                ? null
                : new Target(last.id, last.name, last.queueMicros, (long) (SUSTAINED * last.capacity.getAsLong()));
    }

    /** The one at which three quarters of the people are reached, the best first. */
    private static Viewer majority(List<Viewer> bestFirst) {
        long people = 0;
        for (Viewer viewer : bestFirst) {
            people += viewer.people;
        }
        long reached = 0;
        for (Viewer viewer : bestFirst) {
            reached += viewer.people;
            if (reached >= MAJORITY * people) {
                return viewer;
            }
        }
        return bestFirst.get(bestFirst.size() - 1);
    }

    private static long capacityOf(Viewer viewer) {
        return viewer.capacity.orElse(Long.MAX_VALUE);
    }
}
