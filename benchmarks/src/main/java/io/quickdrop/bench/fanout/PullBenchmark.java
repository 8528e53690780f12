package io.quickdrop.bench.fanout;

import static io.quickdrop.bench.Medians.median;

import io.quickdrop.bench.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What it costs to look at a desktop of another instance: the same frames to the same number of viewers at the instance that
 * has the desktop, and at one that pulls it, in turn; and the latter beside an instance that pulls as well and is stopped.
 * Servers are processes of their own, over TLS on loopback.
 */
public final class PullBenchmark {
    private static final List<Integer> FRAME_BYTES = List.of(20_000, 100_000, 300_000);
    private static final List<Integer> VIEWERS = List.of(1, 10);
    private static final long RUN_BYTES = 60_000_000;
    private static final int MAX_FRAMES = 200;

    private final ChildJvm owner;
    private final ChildJvm puller;
    private final ChildJvm frozen;
    private final int ownerPort;
    private final int pullerPort;
    private final int frozenPort;
    private int desktops;

    /** CPU of the two ends of a pull, before and after. */
    private static final class Both implements Supplier<Duration> {
        private final ChildJvm owner;
        private final ChildJvm puller;
        private final List<Duration> ofOwner = new ArrayList<>();

        Both(ChildJvm owner, ChildJvm puller) {
            this.owner = owner;
            this.puller = puller;
        }

        @Override
        public Duration get() {
            ofOwner.add(owner.cpu());
            return puller.cpu();
        }

        double ownerSecondsPerGigabyte(double gigabytes) {
            return ofOwner.get(1).minus(ofOwner.get(0)).toNanos() / 1e9 / gigabytes;
        }
    }

    private PullBenchmark(Path tls) throws IOException {
        owner = child(tls);
        ownerPort = port(owner);
        puller = child(tls, Integer.toString(ownerPort));
        pullerPort = port(puller);
        frozen = child(tls, Integer.toString(ownerPort));
        frozenPort = port(frozen);
    }

    /** Arguments: rounds, by default 3. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        Path tls = Files.createTempDirectory("pull-benchmark-");
        PullBenchmark benchmark = new PullBenchmark(tls);
        try {
            benchmark.warmUp();
            benchmark.besideLocal(rounds);
            benchmark.besideFrozen(rounds);
        } finally {
            benchmark.close();
            try (Stream<Path> files = Files.walk(tls)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void close() {
        frozen.close();
        puller.close();
        owner.close();
    }

    private static ChildJvm child(Path tls, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(tls.toString()));
        arguments.addAll(List.of(more));
        return new ChildJvm(List.of("-Xmx512m"), RelayFanOut.class.getName(), arguments);
    }

    private static int port(ChildJvm child) throws IOException {
        return Integer.parseInt(
                child.awaitLine("port ").substring("port ".length()).strip());
    }

    private FanOutRun run(int frameBytes, int viewers, int frames) {
        return new FanOutRun(true, OneOwner.desktop(desktops++), frameBytes, viewers, frames);
    }

    private void warmUp() throws Exception {
        for (int i = 0; i < 2; i++) {
            run(100_000, 10, 300).against(ownerPort, true, owner::cpu);
            run(100_000, 10, 300).against(ownerPort, pullerPort, true, puller::cpu, () -> {});
        }
    }

    private void besideLocal(int rounds) throws Exception {
        System.out.print(line(
                "| frame KB | viewers | p50 ms local | pulled | added | p99 ms local | pulled | added | CPU-s/GB local |"
                        + " pulled: owner, of the copy | puller, of what it delivers |%n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|%n"));
        for (int frameBytes : FRAME_BYTES) {
            for (int viewers : VIEWERS) {
                int frames = (int) Math.min(MAX_FRAMES, RUN_BYTES / ((long) frameBytes * viewers));
                List<FanOutRun.Outcome> local = new ArrayList<>();
                List<FanOutRun.Outcome> pulled = new ArrayList<>();
                List<Double> ownerCost = new ArrayList<>();
                for (int round = 0; round < rounds; round++) {
                    local.add(run(frameBytes, viewers, frames).against(ownerPort, true, owner::cpu));
                    Both cpu = new Both(owner, puller);
                    pulled.add(run(frameBytes, viewers, frames).against(ownerPort, pullerPort, true, cpu, () -> {}));
                    ownerCost.add(cpu.ownerSecondsPerGigabyte((double) frameBytes * frames / 1e9));
                }
                double p50 = median(local.stream().map(FanOutRun.Outcome::p50Millis));
                double p50Pulled = median(pulled.stream().map(FanOutRun.Outcome::p50Millis));
                double p99 = median(local.stream().map(FanOutRun.Outcome::p99Millis));
                double p99Pulled = median(pulled.stream().map(FanOutRun.Outcome::p99Millis));
                System.out.print(line(
                        "| %d | %d | %.2f | %.2f | %+.2f | %.2f | %.2f | %+.2f | %.2f | %.2f | %.2f |%n",
                        frameBytes / 1000,
                        viewers,
                        p50,
                        p50Pulled,
                        p50Pulled - p50,
                        p99,
                        p99Pulled,
                        p99Pulled - p99,
                        median(local.stream().map(FanOutRun.Outcome::cpuSecondsPerGigabyte)),
                        median(ownerCost.stream()),
                        median(pulled.stream().map(FanOutRun.Outcome::cpuSecondsPerGigabyte))));
            }
        }
        System.out.println("medians of " + rounds + " rounds");
    }

    /** Viewers at the owner, and at one puller, alone and while another puller of the same desktop is stopped. */
    private void besideFrozen(int rounds) throws Exception {
        System.out.print(line("| 100 KB, 5 viewers | p50 ms alone | beside a stopped puller | p99 ms alone | beside |%n"
                + "|---|---|---|---|---|%n"));
        for (boolean atOwner : new boolean[] {true, false}) {
            int port = atOwner ? ownerPort : pullerPort;
            List<FanOutRun.Outcome> alone = new ArrayList<>();
            List<FanOutRun.Outcome> beside = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                alone.add(run(100_000, 5, 400).against(ownerPort, port, true, owner::cpu, () -> {}));
                beside.add(stopped(port));
            }
            System.out.print(line(
                    "| at the %s | %.2f | %.2f | %.2f | %.2f |%n",
                    atOwner ? "owner" : "other puller",
                    median(alone.stream().map(FanOutRun.Outcome::p50Millis)),
                    median(beside.stream().map(FanOutRun.Outcome::p50Millis)),
                    median(alone.stream().map(FanOutRun.Outcome::p99Millis)),
                    median(beside.stream().map(FanOutRun.Outcome::p99Millis))));
        }
        System.out.println(
                "medians of " + rounds + " rounds; most memory of the owner " + owner.peakResidentMebibytes() + " MiB");
    }

    private FanOutRun.Outcome stopped(int port) throws Exception {
        String desktop = OneOwner.desktop(desktops);
        CountDownLatch looks = new CountDownLatch(1);
        try (Load other = new Load(frozenPort, true)) {
            other.connect(new Viewer(true, desktop, new Looker(looks)), null);
            return run(100_000, 5, 400).against(ownerPort, port, true, owner::cpu, () -> {
                await(looks);
                signal("STOP");
            });
        } finally {
            signal("CONT");
        }
    }

    private static void await(CountDownLatch looks) {
        try {
            if (!looks.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the viewer of the other puller was shown nothing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(frozen.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Looks, and counts nothing; that its server is stopped meanwhile is meant. */
    private record Looker(CountDownLatch looks) implements Viewer.Listener {
        @Override
        public void ready() {}

        @Override
        public void received(int tiles, int pictureBytes) {
            looks.countDown();
        }

        @Override
        public void failed(String why) {}
    }
}
