package io.quickdrop.system.faults.link;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Chunks that are out of place in every way, at the real server: each is answered as the protocol says. */
@ExtendWith(ShowServerLogs.class)
final class OffsetsTest {
    private static final int CHUNKS = Integer.getInteger("quickdrop.offsets", 10_000);
    private static final int SESSIONS = 4;

    @Test
    void tenThousandChunksOutOfPlaceAreAnsweredAndChangeNothing(@TempDir Path folder) throws Exception {
        FaultRow row = FaultRow.begin("duplicate, overlap, gap, past end, negative offsets", CHUNKS);
        Map<String, SeededBytes> saved = new HashMap<>();
        Map<OffsetSender.Kind, Integer> kinds = new HashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            List<OffsetSender> senders = new ArrayList<>();
            List<Future<String>> running = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                OffsetSender sender =
                        new OffsetSender(Door.of(server), "offsets-" + i, row.random(i), CHUNKS / SESSIONS);
                senders.add(sender);
                running.add(threads.submit(sender::run));
            }
            for (int i = 0; i < SESSIONS; i++) {
                saved.put(
                        running.get(i).get(10, TimeUnit.MINUTES), senders.get(i).bytes());
                senders.get(i).counts().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
            }
            RecordingFolder.assertRecordingsExactly(server.output(), saved);
            row.passed("real server, " + SESSIONS + " sessions: " + new java.util.TreeMap<>(kinds));
        } finally {
            threads.shutdownNow();
        }
    }
}
