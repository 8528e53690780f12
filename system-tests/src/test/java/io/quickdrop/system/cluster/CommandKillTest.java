package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.Enrolment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A stream of commands to one desktop, while its agent, the instance that has it, and the store are killed again and again. */
@ExtendWith(ShowServerLogs.class)
final class CommandKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void fourHundredCommandsRunOnceThroughKillsOfOwnerAgentAndStore(@TempDir Path folder) {
        killAgainAndAgain(folder, 4, 1, 400, Duration.ofMillis(60));
    }

    @Test
    @Tag("long")
    void threeThousandCommandsRunOnceThroughThirtyKillsOfOwnerAndAgent(@TempDir Path folder) {
        killAgainAndAgain(folder, 30, 5, 3_000, Duration.ofMillis(60));
    }

    private static void killAgainAndAgain(Path folder, int killsOfEach, int storeKills, int commands, Duration gap) {
        FaultRow row = FaultRow.begin("commands through kills of owner, agent and store", killsOfEach);
        Random random = row.random();
        long begunNanos = System.nanoTime();
        try (Cluster cluster = Cluster.of(2, folder);
                AgentChildProcess agent =
                        new AgentChildProcess("worker", folder.resolve("agent"), cluster.instances())) {
            ClusterInstance first = cluster.instance(0);
            await().atMost(PATIENCE).until(() -> Enrolment.isOnline(first.door(), "worker"));
            Random places = row.random(0);
            Supplier<Door> anywhere = () -> cluster.instance(places.nextInt(2)).door();
            try (CommandStream stream =
                    new CommandStream("worker", AgentChild.MONITORS, anywhere, row.random(1), commands, gap)) {
                for (int kill = 0; kill < row.trials(); kill++) {
                    ClusterInstance owner = cluster.owner("worker", PATIENCE);
                    awaitMore(stream, random);
                    owner.server().kill9();
                    awaitMore(stream, random);
                    agent.kill9();
                    owner.server().start();
                    agent.start();
                    if (kill < storeKills) {
                        awaitMore(stream, random);
                        cluster.store().kill9();
                        cluster.store().start();
                    }
                }
                await().atMost(Duration.ofMinutes(10)).until(stream::isDone);
                assertThat(stream.odd()).isEmpty();
                CommandVerdict verdict =
                        CommandVerdict.of(stream, agent::witnessed, first.door(), row.trials(), Duration.ofMinutes(3));
                assertThat(verdict.commands()).isEqualTo(commands);
                System.out.printf(
                        "cluster: commands through kills: N=%d kills of the owner and %d of the agent, %d of the store, seed"
                                + " %d, %.0f s: %d commands, %d asked again, 0 twice, 0 lost, 0 unresolved; %d completed, %d"
                                + " said to be interrupted, %d screenshots taken%n",
                        row.trials(),
                        row.trials(),
                        storeKills,
                        row.seed(),
                        (System.nanoTime() - begunNanos) / 1e9,
                        verdict.commands(),
                        stream.refusals(),
                        verdict.completed(),
                        verdict.interrupted(),
                        verdict.ran());
            }
        }
    }

    /** Some commands later: a kill hits the desktop at another moment of its work each time. */
    private static void awaitMore(CommandStream stream, Random random) {
        int goal = stream.count() + 1 + random.nextInt(20);
        await().pollInterval(Duration.ofMillis(3))
                .atMost(PATIENCE)
                .until(() -> stream.count() >= goal || stream.isDone());
    }
}
