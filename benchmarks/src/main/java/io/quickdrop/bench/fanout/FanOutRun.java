package io.quickdrop.bench.fanout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * One desktop, some viewers, one frame after the other: the next is sent when every viewer has the one before, so that
 * latency is that of the fan-out and not of a queue.
 */
final class FanOutRun {
    private static final int WARM_UP_FRAMES = 30;
    private static final long PATIENCE_SECONDS = 60;

    /**
     * What one run showed.
     *
     * @param cpuSecondsPerGigabyte of the server's process, by bytes of pictures delivered
     * @param p50Millis from sending to receiving a whole frame, over all viewers and frames
     * @param p99Millis the same, of the slowest hundredth
     */
    record Outcome(double cpuSecondsPerGigabyte, double p50Millis, double p99Millis) {}

    private final boolean relay;
    private final String desktop;
    private final int frameBytes;
    private final int viewers;
    private final int frames;
    private final AtomicReference<String> failure = new AtomicReference<>();

    /** @param frames measured ones */
    FanOutRun(boolean relay, int frameBytes, int viewers, int frames) {
        this(
                relay,
                "bench-" + frameBytes + "-" + viewers + "-" + Long.toHexString(System.nanoTime()),
                frameBytes,
                viewers,
                frames);
    }

    /** @param desktop what the source is called */
    FanOutRun(boolean relay, String desktop, int frameBytes, int viewers, int frames) {
        this.relay = relay;
        this.desktop = desktop;
        this.frameBytes = frameBytes;
        this.viewers = viewers;
        this.frames = frames;
    }

    /**
     * Runs against a server.
     *
     * @param cpu of the server's process so far
     */
    Outcome against(int port, boolean tls, Supplier<Duration> cpu)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        return against(port, port, tls, cpu, () -> {});
    }

    /**
     * Runs with the desktop at one server and its viewers at another.
     *
     * @param begins runs behind the warm-up, before the first frame that counts
     */
    Outcome against(int sourcePort, int port, boolean tls, Supplier<Duration> cpu, Runnable begins)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (Load origin = new Load(sourcePort, tls);
                Load load = new Load(port, tls)) {
            PictureSource source = new PictureSource(relay, desktop, frameBytes);
            origin.connect(source, relay ? "Agent" : "none");
            Load.Socket socket = source.registered().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            CountDownLatch ready = new CountDownLatch(viewers);
            Phaser whole = new Phaser(1); // its parties are the frames that viewers still miss
            List<Meter> meters = new ArrayList<>();
            for (int i = 0; i < viewers; i++) {
                Meter meter = new Meter(source.tiles(), ready, whole);
                meters.add(meter);
                load.connect(new Viewer(relay, desktop, meter), null);
            }
            require(ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "not every viewer was let in");
            require(source.wanted().await(PATIENCE_SECONDS, TimeUnit.SECONDS), "nobody wants pictures");
            send(source, socket, meters, whole, WARM_UP_FRAMES);
            begins.run();
            meters.forEach(Meter::forget);
            Duration before = cpu.get();
            send(source, socket, meters, whole, frames);
            Duration used = cpu.get().minus(before);
            double gigabytes = (double) frameBytes * viewers * frames / 1e9;
            long[] latency = meters.stream()
                    .flatMapToLong(meter -> Arrays.stream(meter.latencies(frames)))
                    .sorted()
                    .toArray();
            return new Outcome(
                    used.toNanos() / 1e9 / gigabytes, percentileMillis(latency, 0.5), percentileMillis(latency, 0.99));
        }
    }

    private static double percentileMillis(long[] sortedMicros, double share) {
        int index = (int) Math.min(sortedMicros.length - 1L, Math.round(share * sortedMicros.length));
        return sortedMicros[index] / 1e3;
    }

    private void send(PictureSource source, Load.Socket socket, List<Meter> meters, Phaser whole, int count)
            throws InterruptedException, TimeoutException {
        for (int i = 0; i < count; i++) {
            whole.bulkRegister(viewers);
            int phase = whole.arrive();
            long now = System.nanoTime();
            meters.forEach(meter -> meter.sentNanos = now);
            source.sendFrame(socket);
            awaitEverybody(meters, whole, phase);
        }
    }

    /** A viewer that fails would be waited for in vain, so that is looked at now and then. */
    private void awaitEverybody(List<Meter> meters, Phaser whole, int phase)
            throws InterruptedException, TimeoutException {
        for (int second = 0; second < PATIENCE_SECONDS; second++) {
            try {
                whole.awaitAdvanceInterruptibly(phase, 1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException notYet) {
                require(failure.get() == null, "a client failed: " + failure.get());
            }
        }
        throw new TimeoutException("after " + PATIENCE_SECONDS + " s the viewers miss so many tiles of the frame: "
                + meters.stream().map(meter -> meter.missing).toList());
    }

    private static void require(boolean fine, String problem) {
        if (!fine) {
            throw new IllegalStateException(problem);
        }
    }

    /** Counts one viewer's tiles and times its frames; written on its event loop. */
    private final class Meter implements Viewer.Listener {
        private final int tilesPerFrame;
        private final CountDownLatch ready;
        private final Phaser whole;
        private final AtomicInteger measured = new AtomicInteger();
        private final long[] micros = new long[frames + WARM_UP_FRAMES];
        private int tiles;
        volatile long sentNanos;
        volatile int missing;

        Meter(int tilesPerFrame, CountDownLatch ready, Phaser whole) {
            this.tilesPerFrame = tilesPerFrame;
            this.ready = ready;
            this.whole = whole;
        }

        void forget() {
            measured.set(0);
        }

        long[] latencies(int count) {
            return Arrays.copyOf(micros, count);
        }

        @Override
        public void ready() {
            ready.countDown();
        }

        @Override
        public void received(int count, int pictureBytes) {
            tiles += count;
            if (tiles >= tilesPerFrame) {
                tiles -= tilesPerFrame;
                micros[measured.getAndIncrement()] = (System.nanoTime() - sentNanos) / 1000;
                whole.arriveAndDeregister();
            }
            missing = tilesPerFrame - tiles;
        }

        @Override
        public void failed(String why) {
            failure.compareAndSet(null, why);
        }
    }
}
