package io.quickdrop.server.recordings;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.server.catalogue.Catalogue;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the store costs beside the plain cost of writing and forcing the same bytes. Run by hand, on the disk of the
 * folder that is its argument.
 */
final class StoreThroughput {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int FORCE_BYTES = 1024 * 1024;
    private static final int TOTAL_BYTES = 128 * 1024 * 1024;
    private static final int SMALL_FORCES = 300;

    private StoreThroughput() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "throughput-");
        byte[] chunk = new byte[CHUNK_BYTES];
        new Random(1).nextBytes(chunk);
        StoreSettings settings = StoreSettings.defaults(folder);
        settings = new StoreSettings(settings.output(), settings.data(), settings.reserveBytes(), Duration.ZERO);
        try (Catalogue catalogue = Catalogue.open(settings.data());
                FileRecordingStore store =
                        new FileRecordingStore(settings, catalogue, TestStore::name, Clock.systemUTC())) {
            for (int round = 0; round < 3; round++) {
                double raw = raw(folder.resolve("raw-" + round), chunk);
                double stored = stored(store, "big-" + round, chunk);
                System.out.printf(
                        "round %d: raw write+force per MiB %.0f MB/s, store %.0f MB/s (%.2f of it)%n",
                        round, raw, stored, stored / raw);
                for (int sessions : new int[] {1, 4, 16}) {
                    long before = catalogue.commits();
                    double forces = forces(store, round, sessions);
                    System.out.printf(
                            "round %d: %d sessions, %.0f forces/s, %.2f commits per force%n",
                            round,
                            sessions,
                            forces,
                            (double) (catalogue.commits() - before) / (sessions * SMALL_FORCES));
                }
            }
        }
    }

    private static double raw(Path path, byte[] chunk) throws Exception {
        long start = System.nanoTime();
        try (DataFile file = new LocalDisk().create(path)) {
            for (long at = 0; at < TOTAL_BYTES; at += CHUNK_BYTES) {
                file.write(ByteBuffer.wrap(chunk), at);
                if ((at + CHUNK_BYTES) % FORCE_BYTES == 0) {
                    file.force();
                }
            }
        }
        return megabytesPerSecond(start);
    }

    private static double stored(FileRecordingStore store, String name, byte[] chunk) throws Exception {
        OpenRecording recording = open(store, name);
        long start = System.nanoTime();
        for (long at = 0; at < TOTAL_BYTES; at += CHUNK_BYTES) {
            recording.append(ByteBuffer.wrap(chunk));
            if ((at + CHUNK_BYTES) % FORCE_BYTES == 0) {
                recording.force(at / CHUNK_BYTES + 1);
            }
        }
        double rate = megabytesPerSecond(start);
        recording.discard();
        return rate;
    }

    private static double forces(FileRecordingStore store, int round, int sessions) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        long start = System.nanoTime();
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                String name = "small-" + round + "-" + sessions + "-" + i;
                all.add(threads.submit(() -> {
                    OpenRecording recording = open(store, name);
                    for (int force = 1; force <= SMALL_FORCES; force++) {
                        recording.append(ByteBuffer.wrap(new byte[100]));
                        recording.force(force);
                    }
                    recording.discard();
                    return true;
                }));
            }
            for (Future<Boolean> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return sessions * SMALL_FORCES / seconds(start);
    }

    private static OpenRecording open(FileRecordingStore store, String name) throws Exception {
        return ((Opening.Writable) store.open(new SessionId(name), "phone", StubbornSender.DESCRIPTION)).recording();
    }

    private static double megabytesPerSecond(long start) {
        return TOTAL_BYTES / 1e6 / seconds(start);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
