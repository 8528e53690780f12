package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.disk.LoopDisk.Cut;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes with sessions in flight: everything that was not forced is gone, and the page cache with it, which
 * outlives every kill. The server's process sees its disk die, must promise nothing more, and is closed or killed.
 */
@Tag("root")
@ExtendWith(ShowServerLogs.class)
final class PowerCutTest {
    private static final String NAME = "power cut";
    private static final int UPLOADS_AT_ONCE = 4;
    /** Every so many cuts the process is killed, as the power would; else it has to let go of the dead disk itself. */
    private static final int CUTS_PER_KILL = 10;

    @Test
    void aHundredPowerCutsLoseNoAcknowledgedByte(@TempDir Path folder) throws Exception {
        cutAgainAndAgain(folder, 100);
    }

    @Test
    @Tag("long")
    void aThousandPowerCutsLoseNoAcknowledgedByte(@TempDir Path folder) throws Exception {
        cutAgainAndAgain(folder, 1_000);
    }

    private static void cutAgainAndAgain(Path folder, int cuts) throws Exception {
        FaultRow row = FaultRow.begin(NAME, cuts);
        try (LoopDisk disk = disk(folder)) {
            Path done = folder.resolve("done");
            Launch launch = Launch.in(disk.place())
                    .program(RestartedServer.class)
                    .jvm("-D" + RestartedServer.DONE + "=" + done, "-Dorg.sqlite.tmpdir=" + folder);
            try (ServerProcess server = launch.start();
                    Traffic traffic = new Traffic(
                            "power",
                            row.random(),
                            () -> new TestConnector(Door.of(server), Upgrade.v2(Door.of(server))),
                            1,
                            500_000)) {
                Judgement judgement = new Judgement(server.output());
                int kills = 0;
                int orders = 0;
                for (int cut = 0; cut < row.trials(); cut++) {
                    traffic.keepUp(UPLOADS_AT_ONCE);
                    long moment = traffic.acknowledged() + row.random().nextInt(600_000);
                    await().pollInterval(Duration.ofMillis(2))
                            .atMost(Duration.ofMinutes(1))
                            .until(() -> traffic.acknowledged() >= moment || traffic.isAnyOver());
                    disk.cut(cut % 2 == 0 ? Cut.JOURNAL_LOST : Cut.JOURNAL_KEPT);
                    boolean kill = cut % CUTS_PER_KILL == CUTS_PER_KILL - 1;
                    if (kill || !server.order("down") || !carriedOut(server, done, ++orders) || !disk.unmount()) {
                        assertThat(kill)
                                .as(
                                        "whether the server's process had to be killed to let go of a dead disk; its"
                                                + " log ends with\n%s",
                                        server.logTail())
                                .isTrue();
                        server.kill9();
                        kills++;
                        assertThat(disk.unmount()).isTrue();
                    }
                    disk.mount();
                    judgement.whileDown(traffic);
                    if (kill) {
                        Files.deleteIfExists(done);
                        orders = 0;
                        server.start();
                    } else {
                        assertThat(server.order("up") && carriedOut(server, done, ++orders))
                                .as(server.logTail())
                                .isTrue();
                    }
                }
                judgement.atTheEnd(traffic);
                row.passed(String.format(
                        "half with ext4's journal lost, %d processes killed; %d uploads, %d bytes, %d at once",
                        kills, traffic.begun(), traffic.begunBytes(), UPLOADS_AT_ONCE));
            }
        }
    }

    private static LoopDisk disk(Path folder) {
        try {
            return LoopDisk.in(folder);
        } catch (IOException e) {
            FaultRow.notRun(NAME, String.valueOf(e.getMessage()));
            throw new AssertionError("not reached", e);
        }
    }

    private static boolean carriedOut(ServerProcess server, Path done, int orders) {
        try {
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !server.isAlive()
                            || (Files.exists(done) && Files.readString(done).equals(orders + "")));
        } catch (ConditionTimeoutException stuck) {
            return false;
        }
        return server.isAlive();
    }
}
