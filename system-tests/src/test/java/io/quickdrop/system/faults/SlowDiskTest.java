package io.quickdrop.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes 100 ms for every force, a heap of 128 MiB, and four phones that send as fast as they can. */
@ExtendWith(ShowServerLogs.class)
final class SlowDiskTest {
    private static final int UPLOADS = 4;
    private static final long BYTES_EACH = 100_000_000;
    /** What lives is known after a full collection only; between two, dead buffers fill the heap up to its bound. */
    private static final Pattern AFTER_FULL_COLLECTION = Pattern.compile("Pause Full .*\\d+M->(\\d+)M\\(\\d+M\\)");

    private static final int PINGS_PER_LOOK = 10;

    @Test
    void theHeapStaysFlatAndPingsAreAnsweredWhileTheDiskIsSlow(@TempDir Path folder) throws Exception {
        Path collections = folder.resolve("gc.log");
        Launch launch = Launch.in(folder.resolve("out"))
                .jvm("-Xmx128m", "-XX:+ExitOnOutOfMemoryError", "-Xlog:gc:file=" + collections);
        Map<String, SeededBytes> saved = new HashMap<>();
        long begun = System.nanoTime();
        long worstPingNanos = 0;
        int pings = 0;
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = launch.start()) {
            Process strace = slowDown(server, folder.resolve("strace.log"));
            Door door = Door.of(server);
            try (TestSocket pinger = TestSocket.open(door, Upgrade.v2(door))) {
                List<TestUpload> uploads = new ArrayList<>();
                for (int i = 0; i < UPLOADS; i++) {
                    uploads.add(new TestUpload(
                                    "slow-" + i,
                                    new SeededBytes(i, BYTES_EACH),
                                    new TestConnector(door, Upgrade.v2(door)),
                                    workers,
                                    TestUpload.quickBackoff())
                            .whole());
                }
                while (uploads.stream()
                        .anyMatch(each ->
                                !each.client().outcome().toCompletableFuture().isDone())) {
                    long sent = System.nanoTime();
                    pinger.text("{\"type\":\"ping\",\"timestamp\":" + sent + "}");
                    assertThat(pinger.message("pong").get("timestamp").getAsLong())
                            .isEqualTo(sent);
                    worstPingNanos = Math.max(worstPingNanos, System.nanoTime() - sent);
                    if (++pings % PINGS_PER_LOOK == 0) {
                        collect(server);
                    }
                    await().pollDelay(Duration.ofMillis(100)).until(() -> true);
                }
                for (TestUpload upload : uploads) {
                    saved.put(upload.await(Duration.ofSeconds(1)).fileName(), upload.bytes());
                    assertThat(upload.connections()).as("connections").isEqualTo(1);
                }
            } finally {
                strace.destroy();
                strace.waitFor();
            }
            RecordingFolder.assertRecordingsExactly(server.output(), saved);
            List<Long> live = Files.readAllLines(collections).stream()
                    .map(AFTER_FULL_COLLECTION::matcher)
                    .filter(Matcher::find)
                    .map(match -> Long.parseLong(match.group(1)))
                    .toList();
            long half = live.size() / 2;
            long early =
                    live.stream().limit(half).mapToLong(Long::longValue).max().orElseThrow();
            long late =
                    live.stream().skip(half).mapToLong(Long::longValue).max().orElseThrow();
            System.out.printf(
                    "slow disk: N=%d uploads of %d bytes, force +100 ms, -Xmx128m: %.1f s, live heap at most %d MiB in"
                            + " the first half of %d looks and %d in the second, %s, worst of %d pings %.0f ms, bytes exact%n",
                    UPLOADS,
                    BYTES_EACH,
                    (System.nanoTime() - begun) / 1e9,
                    early,
                    live.size(),
                    late,
                    peakResident(server),
                    pings,
                    worstPingNanos / 1e6);
            assertThat(Math.max(early, late)).as("live heap, MiB").isLessThan(90);
            assertThat(late).as("live heap in the second half, MiB").isLessThan(early + 16);
            assertThat(worstPingNanos / 1e6).as("worst ping, ms").isLessThan(3_000);
        }
    }

    private static Process slowDown(ServerProcess server, Path output) throws Exception {
        Process strace;
        try {
            strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-q",
                            "-p",
                            Long.toString(server.pid()),
                            "-e",
                            "trace=fsync,fdatasync",
                            "-e",
                            "inject=fsync,fdatasync:delay_enter=100000",
                            "-o",
                            output.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noStrace) {
            return notRun("there is no strace");
        }
        String traced = "TracerPid:\t" + strace.pid();
        Path status = Path.of("/proc/" + server.pid() + "/status");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !strace.isAlive() || Files.readString(status).contains(traced));
        return strace.isAlive() ? strace : notRun("strace may not look at other processes");
    }

    /** A full collection, as the Java runtime's own tool asks for it. */
    private static void collect(ServerProcess server) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        int status = new ProcessBuilder(jcmd, Long.toString(server.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(status).as("status of jcmd GC.run").isZero();
    }

    private static Process notRun(String why) {
        System.out.println("SlowDiskTest: NOT RUN, since " + why + " here");
        Assumptions.abort(why);
        throw new AssertionError("not reached");
    }

    private static String peakResident(ServerProcess server) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + server.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .orElse("VmHWM unknown")
                    .replaceAll("\\s+", " ");
        }
    }
}
