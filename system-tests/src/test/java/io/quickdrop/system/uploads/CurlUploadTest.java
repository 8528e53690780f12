package io.quickdrop.system.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.Pairing;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells people to do with {@code curl}, done with the real one. */
@ExtendWith(ShowServerLogs.class)
final class CurlUploadTest {
    private static final Pattern OFFSET = Pattern.compile("(?im)^upload-offset: (\\d+)\\r?$");
    private static final int DISK_MIB = 48;

    @Test
    void aFileIsSentWholeCutAnywhereAndGoesOnWhereItStopped(@TempDir Path folder) throws Exception {
        long seed = System.nanoTime();
        System.out.println("curl, cut in the middle: seed " + seed);
        Random random = new Random(seed);
        SeededBytes bytes = new SeededBytes(5, 12_000_000);
        Path film = Files.write(folder.resolve("film.mp4"), bytes.all());
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy proxy = new CuttingProxy(server.address())) {
            Door door = Door.of(server);
            String key = Pairing.pair(door, "curl").key();
            Curl curl = Curl.to(server, door, key);
            Curl slow = Curl.to(server, door.through(proxy), key);

            Curl.Run whole =
                    curl.run("/api/uploads/whole.mp4?label=whole", "--upload-file", film.toString(), "--verbose");
            assertThat(whole.output()).contains("HTTP/1.1 100 Continue");
            String wholeName = saved(whole, bytes);

            proxy.limit(4_000_000);
            long offset = cutAndAsk(slow, curl, proxy, film, "patched", 1_000_000 + random.nextInt(5_000_000));
            assertThat(offset).as("durable after the cut").isBetween(1L, bytes.length() - 1);
            Path rest = folder.resolve("rest");
            byte[] all = bytes.all();
            Files.write(rest, Arrays.copyOfRange(all, (int) offset, all.length));
            Curl.Run patched = curl.run(
                    "/api/uploads/patched",
                    "--request",
                    "PATCH",
                    "--upload-file",
                    rest.toString(),
                    "--header",
                    "Content-Type: application/partial-upload",
                    "--header",
                    "Upload-Draft-Interop-Version: 8",
                    "--header",
                    "Upload-Offset: " + offset,
                    "--header",
                    "Upload-Complete: ?1");
            String patchedName = saved(patched, bytes);

            long from = cutAndAsk(slow, curl, proxy, film, "ranged.mp4", 1_000_000 + random.nextInt(5_000_000));
            String rangedName = saved(
                    curl.run(
                            "/api/uploads/ranged.mp4",
                            "--continue-at",
                            Long.toString(from),
                            "--upload-file",
                            film.toString()),
                    bytes);

            cutAndAsk(slow, curl, proxy, film, "again.mp4", 1_000_000 + random.nextInt(5_000_000));
            String againName = saved(curl.run("/api/uploads/again.mp4", "--upload-file", film.toString()), bytes);

            Curl.Run other = curl.run(
                    "/api/uploads/again.mp4",
                    "--upload-file",
                    Files.write(folder.resolve("other"), new SeededBytes(6, 12_000_000).all())
                            .toString());
            assertThat(other.output()).as("other bytes under a saved id").contains("422", "integrity_mismatch");
            RecordingFolder.assertRecordingsExactly(
                    server.output(), Map.of(wholeName, bytes, patchedName, bytes, rangedName, bytes, againName, bytes));
            System.out.printf("curl: N=3 cuts, durable at %d and %d, bytes exact%n", offset, from);
        }
    }

    @Test
    void whoAsksForItHearsHowFarItIs(@TempDir Path folder) throws Exception {
        Path film = Files.write(folder.resolve("film"), new SeededBytes(7, 6_000_000).all());
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            Door door = Door.of(server);
            Curl curl = Curl.to(server, door, Pairing.pair(door, "curl").key());
            Curl.Run heard = curl.run(
                    "/api/uploads",
                    "--limit-rate",
                    "2M",
                    "--request",
                    "POST",
                    "--upload-file",
                    film.toString(),
                    "--header",
                    "Upload-Complete: ?1",
                    "--header",
                    "Upload-Draft-Interop-Version: 8");
            assertThat(heard.output()).contains("HTTP/1.1 104 Upload Resumption Supported");
            Matcher offsets = OFFSET.matcher(heard.output());
            int told = 0;
            long before = 0;
            while (offsets.find()) {
                assertThat(Long.parseLong(offsets.group(1))).isGreaterThanOrEqualTo(before);
                before = Long.parseLong(offsets.group(1));
                told++;
            }
            assertThat(told).as("offsets told").isGreaterThan(2);
            assertThat(before).isEqualTo(6_000_000);
        }
    }

    @Test
    void aSilentBodyIsCutOffAndWhatCameStays(@TempDir Path folder) throws Exception {
        byte[] begun = new SeededBytes(9, 300_000).all();
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            Door door = Door.of(server);
            Curl curl = Curl.to(server, door, Pairing.pair(door, "curl").key());
            // "." and not "-": with that one curl waits for its input and never looks at the socket.
            Process silent = curl.start("/api/uploads/silent", "--upload-file", ".");
            silent.getOutputStream().write(begun);
            silent.getOutputStream().flush();
            assertThat(silent.waitFor(60, TimeUnit.SECONDS)).as("cut off").isTrue();
            assertThat(silent.exitValue()).isNotZero();
            assertThat(offset(curl.run("/api/uploads/silent", "--head"))).isEqualTo(begun.length);
        }
    }

    @Test
    void anUploadGoesOnAfterTheServerWasKilled(@TempDir Path folder) throws Exception {
        SeededBytes bytes = new SeededBytes(10, 8_000_000);
        Path film = Files.write(folder.resolve("film.mp4"), bytes.all());
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            Door door = Door.of(server);
            Curl curl = Curl.to(server, door, Pairing.pair(door, "curl").key());
            Process sending =
                    curl.start("/api/uploads/killed.mp4", "--limit-rate", "2M", "--upload-file", film.toString());
            await().atMost(Duration.ofSeconds(60)).until(() -> hasPart(server.output(), 2_000_000));
            server.kill9();
            sending.getInputStream().readAllBytes();
            server.start();
            long held = offset(curl.run("/api/uploads/killed.mp4", "--head"));
            assertThat(held).isBetween(1L, bytes.length() - 1);
            String name = saved(
                    curl.run(
                            "/api/uploads/killed.mp4",
                            "--continue-at",
                            Long.toString(held),
                            "--upload-file",
                            film.toString()),
                    bytes);
            RecordingFolder.assertRecordingsExactly(server.output(), Map.of(name, bytes));
            System.out.printf("curl and a killed server: N=1, durable at %d, bytes exact%n", held);
        }
    }

    @Test
    @Tag("root")
    void aFullDiskIsToldAndTheUploadGoesOnWhenThereIsRoom(@TempDir Path folder) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "tmpfs", disk.toString());
        if (!mounted) {
            System.out.println("CurlUploadTest: full disk NOT RUN, since no tmpfs can be mounted here (needs root)");
        }
        Assumptions.assumeTrue(mounted, "needs root to mount a tmpfs");
        try {
            fill(folder, disk);
        } finally {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
        }
    }

    private static void fill(Path folder, Path disk) throws Exception {
        SeededBytes bytes = new SeededBytes(8, 20_000_000);
        Path film = Files.write(folder.resolve("film.mp4"), bytes.all());
        try (ServerProcess server = Launch.in(disk.resolve("out")).start()) {
            Door door = Door.of(server);
            Curl curl = Curl.to(server, door, Pairing.pair(door, "curl").key());
            Path filler = disk.resolve("filler");
            try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
                byte[] piece = new byte[1 << 20];
                while (disk.toFile().getUsableSpace() > 9L << 20) {
                    file.write(piece);
                }
            }
            Curl.Run full = curl.run("/api/uploads/full.mp4", "--upload-file", film.toString());
            assertThat(full.output()).contains("507", "storage_full", "Retry-After: 2");
            long held = offset(curl.run("/api/uploads/full.mp4", "--head"));
            assertThat(held).isBetween(1L, 10_000_000L);
            Files.delete(filler);
            String[] go = {"--continue-at", Long.toString(held), "--upload-file", film.toString()};
            Curl.Run[] went = new Curl.Run[1];
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                went[0] = curl.run("/api/uploads/full.mp4", go);
                return !went[0].output().contains(" 507 ");
            });
            String name = saved(went[0], bytes);
            RecordingFolder.assertRecordingsExactly(server.output(), Map.of(name, bytes));
            System.out.printf("curl on a full disk: N=1, held at %d, went on, bytes exact%n", held);
        }
    }

    private static boolean hasPart(Path output, long bytes) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            return files.anyMatch(
                    file -> file.toString().endsWith(".part") && file.toFile().length() > bytes);
        } catch (UncheckedIOException cameAndWent) {
            return false;
        }
    }

    /** Sends until the proxy has passed about {@code bytes}, cuts, and asks where it is. */
    private static long cutAndAsk(Curl slow, Curl curl, CuttingProxy proxy, Path film, String id, long bytes)
            throws IOException, InterruptedException {
        long before = proxy.forwarded(CuttingProxy.Direction.UP);
        Process sending = slow.start("/api/uploads/" + id, "--upload-file", film.toString());
        await().atMost(Duration.ofSeconds(60)).until(() -> proxy.forwarded(CuttingProxy.Direction.UP) - before > bytes);
        proxy.cutAll(CuttingProxy.Ending.RST);
        sending.getInputStream().readAllBytes();
        assertThat(sending.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sending.exitValue()).as("curl noticed the cut").isNotZero();
        return offset(curl.run("/api/uploads/" + id, "--head"));
    }

    private static long offset(Curl.Run head) {
        Matcher offset = OFFSET.matcher(head.output());
        assertThat(offset.find()).as(head.output()).isTrue();
        return Long.parseLong(offset.group(1));
    }

    private static String saved(Curl.Run run, SeededBytes bytes) {
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).contains("HTTP/1.1 200");
        String json = run.output().substring(run.output().lastIndexOf("{\"type\""));
        var answer =
                JsonParser.parseString(json.substring(0, json.indexOf('}') + 1)).getAsJsonObject();
        assertThat(answer.get("sha256").getAsString()).isEqualTo(bytes.sha256());
        return answer.get("fileName").getAsString();
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }
}
