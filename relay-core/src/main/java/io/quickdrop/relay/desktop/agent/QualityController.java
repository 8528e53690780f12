package io.quickdrop.relay.desktop.agent;

import io.quickdrop.protocol.AgentMessage.Governing;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fast and how well an agent captures: judged every half second by how long pictures queue, on the agent's own way to
 * the server and, as the server reports it, on the way to the viewer that sets the pace.
 *
 * <p>Text is better served by fewer pictures than by worse ones. So queueing first costs frames (from 250 ms on, and by a
 * bound on bytes a second), and then quality (−5 above 500 ms, or when the bound leaves too few frames). Below 100 ms, with
 * little on its way and nothing refused, both come back (+2); and every bound is lifted in the end: what happened more than
 * {@link #MEMORY} ago bounds nothing.
 *
 * <p>Pure; confined to one thread.
 */
public final class QualityController {
    /** How often it is judged. */
    public static final Duration STEP = Duration.ofMillis(500);
    /** How long a way that was too narrow is taken for as narrow. */
    public static final Duration MEMORY = Duration.ofSeconds(15);

    private static final long FEWER_FRAMES_MILLIS = 250;
    private static final long WORSE_FRAMES_MILLIS = 500;
    private static final long AT_EASE_MILLIS = 100;
    private static final long AT_BASE_MILLIS = 25;
    private static final int FEW_IN_FLIGHT = 3;
    private static final double WORSE = -5;
    private static final double BETTER = 2;
    /** Below that a person no longer feels a screen move; then worse pictures are the lesser evil. */
    private static final double KEPT_FPS = 4;
    /** A report of the server that is older says nothing. It comes every half second. */
    private static final Duration REPORT_LIFE = Duration.ofSeconds(3);

    private final PaceBounds bounds;
    private final Uplink uplink = new Uplink();
    private final ByteBudget budget = new ByteBudget();
    private int askedFps;
    private int allowedFps;
    private int allowedQuality;
    private double fps;
    private double quality;
    private @Nullable Governing governing;
    private Instant reportedAt = Instant.MIN;
    private double governedBitsPerSecond = Double.POSITIVE_INFINITY;
    private Instant stepAt = Instant.MIN;
    private long worstQueueingMillis;
    private int granted;
    private int refused;
    /** Share of the frames that were wanted and had room, smoothed over about two seconds. */
    private double grantedShare = 1;

    public QualityController(PaceBounds bounds) {
        this.bounds = bounds;
        this.askedFps = bounds.maxFps();
        this.allowedFps = bounds.maxFps();
        this.allowedQuality = bounds.maxQuality();
        this.fps = bounds.startFps();
        this.quality = bounds.startQuality();
    }

    /** A registration begins: nothing is known of the way. */
    public void begin(Instant now) {
        fps = bounds.startFps();
        quality = bounds.startQuality();
        governing = null;
        governedBitsPerSecond = Double.POSITIVE_INFINITY;
        uplink.forget();
        stepAt = now.plus(STEP);
        startStep();
        grantedShare = 1;
    }

    /** The server asks for at most so many frames a second, and, at first, for this quality. */
    public void asked(int mostFps, int startQuality, boolean first) {
        askedFps = mostFps;
        if (first) {
            quality = startQuality;
        }
    }

    /** The operator allows no more than this; null changes nothing. */
    public void allowed(@Nullable Integer maxFps, @Nullable Integer maxQuality) {
        allowedFps = maxFps == null ? allowedFps : maxFps;
        allowedQuality = maxQuality == null ? allowedQuality : maxQuality;
    }

    /** What the server reports of the viewer that sets the pace; null if nobody limits. */
    public void governed(@Nullable Governing by, Instant now) {
        governing = by;
        reportedAt = now;
        double target = by == null || by.deliveryKbps() == 0 ? Double.POSITIVE_INFINITY : by.deliveryKbps() * 1000.0;
        if (target < governedBitsPerSecond || by == null) {
            governedBitsPerSecond = target; // down at once; up by steps
        }
    }

    /** Whether the bound on bytes leaves room for one more frame. */
    public boolean hasBudget(Instant now) {
        budget.refill(bitsPerSecond(), now);
        return !budget.isOverdrawn();
    }

    /** A frame was wanted; there was room for it or not. Told once for each that was due. */
    public void wanted(boolean hadRoom) {
        if (hadRoom) {
            granted++;
        } else {
            refused++;
        }
    }

    /** A frame was sent. */
    public void sent(long bytes, Instant now) {
        budget.refill(bitsPerSecond(), now);
        budget.spend(bytes);
    }

    /** Frames arrived at the server, which had queued for so long. */
    public void arrived(SourceWindow.Arrived arrived, Duration queueing) {
        uplink.arrived(arrived.bytesPerSecond());
        worstQueueingMillis = Math.max(worstQueueingMillis, queueing.toMillis());
    }

    /**
     * Judges, if it is time to; an early call does nothing.
     *
     * @param queueing of the oldest frame that is on its way
     */
    public void step(Duration queueing, int framesInFlight, Instant now) {
        if (now.isBefore(stepAt)) {
            return;
        }
        stepAt = now.plus(STEP);
        long ownMillis = Math.max(worstQueueingMillis, queueing.toMillis());
        Governing report = Duration.between(reportedAt, now).compareTo(REPORT_LIFE) > 0 ? null : governing;
        long millis = report == null ? ownMillis : Math.max(ownMillis, report.queueDelayMs());
        if (granted + refused > 0) {
            grantedShare += 0.3 * ((double) granted / (granted + refused) - grantedShare);
        } else {
            grantedShare += 0.3 * (1 - grantedShare);
        }
        boolean bounded = refused > 0;
        uplink.step(ownMillis > FEWER_FRAMES_MILLIS, ownMillis < AT_EASE_MILLIS, bounded, now);
        liftTowards(report, millis < AT_BASE_MILLIS);
        frames(millis, framesInFlight);
        quality(millis, framesInFlight, bounded);
        startStep();
    }

    /** When {@link #step} is due. */
    public Instant deadline() {
        return stepAt;
    }

    /** How fast and how well to capture. */
    public Pace pace() {
        return new Pace(
                (int) Math.round(within(1, fps, mostFps())), (int) Math.round(Math.min(quality, bestQuality())));
    }

    /** What must not be exceeded, bits a second; infinite where nothing limits. */
    public double bitsPerSecond() {
        return Math.min(uplink.bitsPerSecond(), governedBitsPerSecond);
    }

    private void startStep() {
        worstQueueingMillis = 0;
        granted = 0;
        refused = 0;
    }

    private void liftTowards(@Nullable Governing report, boolean atBase) {
        double target = report == null || report.deliveryKbps() == 0
                ? Double.POSITIVE_INFINITY
                : report.deliveryKbps() * 1000.0;
        if (report == null) {
            governedBitsPerSecond = target;
        } else if (governedBitsPerSecond < target) {
            governedBitsPerSecond = Math.min(target, governedBitsPerSecond * (atBase ? Uplink.FAST : Uplink.SLOW));
        }
    }

    private void frames(long queueingMillis, int framesInFlight) {
        if (queueingMillis > FEWER_FRAMES_MILLIS) {
            fps = Math.max(bounds.minFps(), fps * 0.7);
        } else if (queueingMillis < AT_EASE_MILLIS && framesInFlight < FEW_IN_FLIGHT) {
            fps = Math.min(mostFps(), fps * 1.12 + 0.1);
        }
    }

    private void quality(long queueingMillis, int framesInFlight, boolean bounded) {
        boolean tooFew = bounded && fps * grantedShare < Math.min(KEPT_FPS, mostFps());
        if (queueingMillis > WORSE_FRAMES_MILLIS || tooFew) {
            quality += WORSE;
        } else if (queueingMillis < AT_EASE_MILLIS && framesInFlight < FEW_IN_FLIGHT && !bounded) {
            quality += BETTER;
        }
        quality = within(bounds.minQuality(), quality, bounds.maxQuality());
    }

    private int mostFps() {
        return Math.max(1, Math.min(Math.min(askedFps, allowedFps), bounds.maxFps()));
    }

    private int bestQuality() {
        return Math.min(allowedQuality, bounds.maxQuality());
    }

    private static double within(double least, double value, double most) {
        return Math.max(least, Math.min(value, most));
    }
}
