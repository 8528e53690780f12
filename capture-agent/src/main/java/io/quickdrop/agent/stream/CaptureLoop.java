package io.quickdrop.agent.stream;

import io.quickdrop.agent.encode.Chroma;
import io.quickdrop.agent.grab.GrabFailedException;
import io.quickdrop.agent.grab.Grabber;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.screens.Screen;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.driver.agent.Capture;
import io.quickdrop.relay.driver.agent.Capture.Batch;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.agent.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Captures one screen on a thread of its own: waits while nobody looks, else takes a turn for each stream that is wanted, at
 * the pace that the agent is told, and never makes up for a turn that it missed.
 */
final class CaptureLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CaptureLoop.class.getName());

    /** From one thumbnail to the next: a list of desktops needs no more. */
    static final Duration THUMBNAIL_INTERVAL = Duration.ofSeconds(2);
    /** A screen that can't be read is tried again so often. */
    private static final Duration TROUBLE_INTERVAL = Duration.ofSeconds(1);

    private final Screen screen;
    private final Source source;
    private final DesktopAgent agent;
    private final @Nullable Pointer pointer;
    private final Ceiling ceiling;
    private final Thread thread;

    private CapturePlan plan = CapturePlan.NOTHING;
    private boolean closed;

    private @Nullable Grabber grabber;
    private @Nullable TileStream tiles;
    private @Nullable WholeStream whole;
    private @Nullable WholeStream thumbnail;
    private long nextThumbnailNanos = System.nanoTime();

    /** @param pointer {@code null} to leave the pointer out */
    CaptureLoop(Screen screen, Source source, DesktopAgent agent, @Nullable Pointer pointer, Ceiling ceiling) {
        this.screen = screen;
        this.source = source;
        this.agent = agent;
        this.pointer = pointer;
        this.ceiling = ceiling;
        this.thread = new Thread(this::run, "capture-" + screen.index());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** What is wanted from now on. */
    synchronized void plan(CapturePlan wanted) {
        plan = wanted;
        notifyAll();
    }

    /** Ends it, behind the picture that it is at. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }

    private void run() {
        try {
            Optional<CapturePlan> wanted = awaitPlan();
            while (wanted.isPresent()) {
                long startNanos = System.nanoTime();
                Duration wait = round(wanted.get());
                pauseUntil(startNanos + wait.toNanos());
                wanted = awaitPlan();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release();
        }
    }

    /** Blocks while nothing of this screen is wanted; empty at the end. */
    private Optional<CapturePlan> awaitPlan() throws InterruptedException {
        synchronized (this) {
            if (!closed && wantsSomething()) {
                return Optional.of(plan);
            }
        }
        release(); // nobody looks: nothing is held, and the next picture starts over
        synchronized (this) {
            while (!closed && !wantsSomething()) {
                wait();
            }
            return closed ? Optional.empty() : Optional.of(plan);
        }
    }

    private boolean wantsSomething() {
        return plan.streams().stream().anyMatch(stream -> stream.screen() == screen.index());
    }

    /** Sleeps, unless the plan changes before. */
    private synchronized void pauseUntil(long nanos) throws InterruptedException {
        CapturePlan before = plan;
        long leftNanos = nanos - System.nanoTime();
        while (leftNanos > 0 && !closed && plan.equals(before)) {
            wait(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
            leftNanos = nanos - System.nanoTime();
        }
    }

    /** One round over the streams; returns how long a round is to take. */
    private Duration round(CapturePlan wanted) {
        try {
            boolean live = false;
            if (wanted.wants(screen.index(), Rendition.TILES)) {
                live = true;
                takeTurn(Rendition.TILES);
            }
            if (wanted.wants(screen.index(), Rendition.WHOLE)) {
                live = true;
                takeTurn(Rendition.WHOLE);
            }
            if (wanted.wants(screen.index(), Rendition.THUMBNAIL) && System.nanoTime() - nextThumbnailNanos >= 0) {
                nextThumbnailNanos = System.nanoTime() + THUMBNAIL_INTERVAL.toNanos();
                takeTurn(Rendition.THUMBNAIL);
            }
            return live ? ceiling.interval(agent.pace()) : THUMBNAIL_INTERVAL.dividedBy(4);
        } catch (GrabFailedException e) {
            release();
            agent.trouble(e.getMessage());
            return TROUBLE_INTERVAL;
        } catch (RuntimeException bug) {
            // Told and tried again: the other screens, and this one's next picture, may well work.
            LOG.log(System.Logger.Level.ERROR, "capturing " + screen.name() + " failed", bug);
            release();
            agent.trouble("capturing " + screen.name() + " failed: " + bug.getMessage());
            return TROUBLE_INTERVAL;
        }
    }

    private void takeTurn(int rendition) throws GrabFailedException {
        Optional<Turn> offered = agent.turn(screen.index(), rendition);
        if (offered.isEmpty()) {
            return; // skipped before anything was read or encoded
        }
        Turn turn = offered.get();
        Optional<Capture> captured;
        try {
            captured = capture(turn, rendition);
        } catch (GrabFailedException | RuntimeException e) {
            turn.nothingChanged();
            throw e;
        }
        if (captured.isPresent()) {
            turn.send(captured.get()); // where it goes nowhere, the next turn asks for the whole screen
        } else {
            turn.nothingChanged();
        }
    }

    /** Grabs, compares, encodes; empty if there is nothing to send. */
    private Optional<Capture> capture(Turn turn, int rendition) throws GrabFailedException {
        long startNanos = System.nanoTime();
        long captureMicros = agent.nowMicros();
        Grabber from = openGrabber();
        Pixels pixels = from.grab();
        boolean pointerShown = pointer != null && (from.showsPointer() || pointer.draw(pixels, screen));
        int quality = ceiling.quality(turn.pace());

        int width = pixels.width();
        int height = pixels.height();
        List<Batch> batches;
        if (rendition == Rendition.TILES) {
            batches = tileStream(pixels, turn.whole()).next(pixels, quality, captureMicros);
        } else {
            WholeStream stream = wholeStream(pixels, rendition, turn.whole());
            batches = stream.next(pixels, quality).stream().toList();
            width = stream.outWidth();
            height = stream.outHeight();
        }
        if (batches.isEmpty()) {
            return Optional.empty();
        }
        long encodeMicros = (System.nanoTime() - startNanos) / 1_000;
        return Optional.of(new Capture(captureMicros, encodeMicros, width, height, !pointerShown, batches));
    }

    private Grabber openGrabber() throws GrabFailedException {
        if (grabber == null) {
            grabber = source.open(screen);
            agent.trouble(null);
        }
        return grabber;
    }

    private TileStream tileStream(Pixels pixels, boolean startOver) {
        TileStream stream = tiles;
        if (stream != null && !stream.fits(pixels)) {
            stream.close();
            stream = null;
        }
        if (stream == null) {
            stream = new TileStream(pixels.width(), pixels.height());
        } else if (startOver) {
            stream.startOver();
        }
        tiles = stream;
        return stream;
    }

    private WholeStream wholeStream(Pixels pixels, int rendition, boolean startOver) {
        WholeStream stream = rendition == Rendition.WHOLE ? whole : thumbnail;
        if (stream != null && !stream.fits(pixels)) {
            stream.close();
            stream = null;
        }
        if (stream == null) {
            int maxWidth = rendition == Rendition.WHOLE ? Integer.MAX_VALUE : WholeStream.THUMBNAIL_WIDTH;
            stream = new WholeStream(pixels.width(), pixels.height(), maxWidth, Chroma.QUARTER);
        } else if (startOver) {
            stream.startOver();
        }
        if (rendition == Rendition.WHOLE) {
            whole = stream;
        } else {
            thumbnail = stream;
        }
        return stream;
    }

    private void release() {
        closeQuietly(grabber, tiles, whole, thumbnail);
        grabber = null;
        tiles = null;
        whole = null;
        thumbnail = null;
    }

    private static void closeQuietly(
            @Nullable Grabber grabber, @Nullable TileStream tiles, @Nullable WholeStream... wholes) {
        if (grabber != null) {
            grabber.close();
        }
        if (tiles != null) {
            tiles.close();
        }
        for (WholeStream stream : wholes) {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
