package io.quickdrop.bench.fanout;

import static io.quickdrop.bench.Medians.median;

import io.quickdrop.bench.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to show frames of 20, 100 and 300 KB to 1, 10 and 100 viewers, over plain TCP and TLS: the relay, with
 * its tiles, windows and acknowledgements, beside plain Netty that writes the same bytes to everybody; in turn, round by
 * round.
 */
public final class FanOutBenchmark {
    private static final List<Integer> FRAME_BYTES = List.of(20_000, 100_000, 300_000);
    private static final List<Integer> VIEWERS = List.of(1, 10, 100);
    /** Delivered in a run, so that the CPU clock's 10 ms ticks don't matter. */
    private static final long RUN_BYTES = 60_000_000;

    private static final int MAX_FRAMES = 200;
    private static final int MIN_FRAMES = 20;
    private final List<Integer> frameSizes;
    private final List<Integer> audiences;
    private final long runBytes;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Plans every frame size with every number of viewers.
     *
     * @param frameSizes bytes of pictures, multiples of 4,000
     * @param runBytes delivered in each run
     */
    public FanOutBenchmark(List<Integer> frameSizes, List<Integer> audiences, long runBytes) {
        this.frameSizes = List.copyOf(frameSizes);
        this.audiences = List.copyOf(audiences);
        this.runBytes = runBytes;
    }

    private record Row(
            boolean tls, int frameBytes, int viewers, List<FanOutRun.Outcome> relay, List<FanOutRun.Outcome> plain) {}

    /** Arguments: rounds, by default 3; {@code plain} or {@code tls} for one of them alone. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        FanOutBenchmark benchmark = new FanOutBenchmark(FRAME_BYTES, VIEWERS, RUN_BYTES);
        Path tls = Files.createTempDirectory("fan-out-benchmark-");
        try {
            String only = arguments.length > 1 ? arguments[1] : "";
            if (!only.equals("tls")) {
                benchmark.run(rounds, null);
            }
            if (!only.equals("plain")) {
                benchmark.run(rounds, tls);
            }
        } finally {
            try (Stream<Path> files = Files.walk(tls)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        System.out.print(benchmark.report(rounds));
    }

    /**
     * Runs both sides {@code rounds} times in turn, after a warm-up of both.
     *
     * @param tls folder for key and certificate; null means plain TCP
     */
    public void run(int rounds, @Nullable Path tls) throws Exception {
        List<String> arguments = tls == null ? List.of() : List.of(tls.toString());
        try (ChildJvm relay = child(RelayFanOut.class, arguments);
                ChildJvm plain = child(PlainFanOut.class, arguments)) {
            int relayPort = port(relay);
            int plainPort = port(plain);
            warmUp(relay, relayPort, true, tls != null);
            warmUp(plain, plainPort, false, tls != null);
            for (int frameBytes : frameSizes) {
                for (int viewers : audiences) {
                    Row row = new Row(tls != null, frameBytes, viewers, new ArrayList<>(), new ArrayList<>());
                    int frames =
                            (int) Math.max(MIN_FRAMES, Math.min(MAX_FRAMES, runBytes / ((long) frameBytes * viewers)));
                    for (int round = 0; round < rounds; round++) {
                        row.relay.add(new FanOutRun(true, frameBytes, viewers, frames)
                                .against(relayPort, row.tls, relay::cpu));
                        row.plain.add(new FanOutRun(false, frameBytes, viewers, frames)
                                .against(plainPort, row.tls, plain::cpu));
                    }
                    rows.add(row);
                    System.out.print(line(row));
                }
            }
        }
    }

    private static void warmUp(ChildJvm child, int port, boolean relay, boolean tls) throws Exception {
        for (int i = 0; i < 2; i++) {
            new FanOutRun(relay, 100_000, 10, 300).against(port, tls, child::cpu);
        }
    }

    private static ChildJvm child(Class<?> main, List<String> arguments) throws IOException {
        return new ChildJvm(List.of("-Xmx512m"), main.getName(), arguments);
    }

    private static int port(ChildJvm child) throws IOException {
        return Integer.parseInt(
                child.awaitLine("port ").substring("port ".length()).strip());
    }

    /** CPU seconds per GB delivered of every relay run so far, in the order of the table. */
    public List<Double> relayCpuSecondsPerGigabyte() {
        return rows.stream()
                .flatMap(row -> row.relay.stream())
                .map(FanOutRun.Outcome::cpuSecondsPerGigabyte)
                .toList();
    }

    /** Medians of both sides and of the ratios round by round, as a Markdown table. */
    public String report(int rounds) {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "| transport | frame KB | viewers | CPU-s/GB relay | plain Netty | ratio | p50 ms relay | plain | p99 ms relay |"
                        + " plain |%n|---|---|---|---|---|---|---|---|---|---|%n"));
        rows.forEach(row -> table.append(line(row)));
        return table.append("medians of ").append(rounds).append(" rounds\n").toString();
    }

    private static String line(Row row) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                row.tls ? "TLS" : "plain",
                row.frameBytes / 1000,
                row.viewers,
                median(row.relay.stream().map(FanOutRun.Outcome::cpuSecondsPerGigabyte)),
                median(row.plain.stream().map(FanOutRun.Outcome::cpuSecondsPerGigabyte)),
                median(ratios(row)),
                median(row.relay.stream().map(FanOutRun.Outcome::p50Millis)),
                median(row.plain.stream().map(FanOutRun.Outcome::p50Millis)),
                median(row.relay.stream().map(FanOutRun.Outcome::p99Millis)),
                median(row.plain.stream().map(FanOutRun.Outcome::p99Millis)));
    }

    private static Stream<Double> ratios(Row row) {
        return Stream.iterate(0, i -> i < row.relay.size(), i -> i + 1)
                .map(i -> row.relay.get(i).cpuSecondsPerGigabyte()
                        / row.plain.get(i).cpuSecondsPerGigabyte());
    }
}
