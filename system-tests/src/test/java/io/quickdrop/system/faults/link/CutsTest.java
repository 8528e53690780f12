package io.quickdrop.system.faults.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.system.faults.link.WatchedConnector.Stage;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Cut;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections end at any byte of the TLS stream, in any way; nothing is lost and nothing comes twice. */
@ExtendWith(ShowServerLogs.class)
final class CutsTest {
    private static final int UPLOADS_AT_ONCE = 8;
    private static final int MAX_LARGE_BYTES = 2_000_000;
    /** A TLS handshake, the upgrade and {@code started} are about 4 KB up and 3 KB down. */
    private static final int MAX_BYTES_UP = 120_000;

    private static final int MAX_BYTES_DOWN = 6_000;
    /** Of these a whole connection is hardly more than its handshake: many cuts hit {@code end} and {@code saved}. */
    private static final int MAX_SMALL_BYTES = 2_000;

    @Test
    void noByteIsLostOrDoubledOverAThousandCutsAtRandomBytes(@TempDir Path folder) {
        cut(folder, 1_000);
    }

    @Test
    @Tag("long")
    void noByteIsLostOrDoubledOverTenThousandCutsAtRandomBytes(@TempDir Path folder) {
        cut(folder, 10_000);
    }

    private static void cut(Path folder, int cuts) {
        FaultRow row = FaultRow.begin("cut at a random byte, FIN and RST", cuts);
        Random sizes = row.random();
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy largely = proxy(server, row.random(0), MAX_BYTES_UP);
                CuttingProxy early = proxy(server, row.random(1), 4_000)) {
            WatchedConnector large = connector(server, largely);
            WatchedConnector small = connector(server, early);
            Judgement judgement = new Judgement(server.output());
            int[] next = {0};
            try (Traffic traffic = new Traffic("cut", sizes, () -> next[0] % 2 == 0 ? large : small, 1, 2)) {
                while (largely.cuts() + early.cuts() < cuts) {
                    boolean isLarge = ++next[0] % 2 == 0;
                    int bytes = 1 + sizes.nextInt(isLarge ? MAX_LARGE_BYTES : MAX_SMALL_BYTES);
                    traffic.beginLive(new SeededBytes(sizes.nextLong(), bytes)).whole();
                    while (traffic.running().size() >= UPLOADS_AT_ONCE) {
                        traffic.finish(traffic.running().get(0));
                    }
                }
                judgement.atTheEnd(traffic);
                int connections = largely.connections() + early.connections();
                int ends = largely.cuts() + early.cuts();
                // An upload needs one connection more than it was cut: a server that breaks any by itself is found out.
                assertThat(connections).isLessThanOrEqualTo(ends + traffic.begun());
                assertThat(small.ended(Stage.ENDING))
                        .as("cuts between end and saved, of %s", small.stages())
                        .isPositive();
                row.passed(ends + " cuts over " + connections + " connections, " + traffic.begun() + " uploads, "
                        + traffic.begunBytes() + " bytes; large ones: " + large.stages() + "; small ones: "
                        + small.stages());
            }
        }
    }

    private static CuttingProxy proxy(ServerProcess server, Random random, int maxBytesUp) {
        return new CuttingProxy(server.address(), number -> next(random, maxBytesUp));
    }

    private static WatchedConnector connector(ServerProcess server, CuttingProxy proxy) {
        Door door = Door.of(server).through(proxy);
        return new WatchedConnector(new TestConnector(door, Upgrade.v2(door)));
    }

    /** 39 connections of 40 are cut, half of them in a TLS record of the upload, the others anywhere and early. */
    private static Optional<Cut> next(Random random, int maxBytesUp) {
        synchronized (random) {
            if (random.nextInt(40) == 0) {
                return Optional.empty();
            }
            Ending ending = random.nextBoolean() ? Ending.FIN : Ending.RST;
            return Optional.of(
                    switch (random.nextInt(4)) {
                        case 0 -> new Cut(Direction.DOWN, 1 + random.nextInt(MAX_BYTES_DOWN), ending);
                        case 1 -> new Cut(Direction.UP, 1 + random.nextInt(Math.min(6_000, maxBytesUp)), ending);
                        default -> new Cut(Direction.UP, 1 + random.nextInt(maxBytesUp), ending);
                    });
        }
    }
}
