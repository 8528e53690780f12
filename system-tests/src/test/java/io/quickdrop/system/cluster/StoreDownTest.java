package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import io.quickdrop.system.peers.AgentKeyPair;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import io.quickdrop.system.peers.TestViewer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store is away: what needs it ends in an error and says so, nothing else stops, and it all comes back by itself. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // programs that run for as long as their block
final class StoreDownTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A request's own way on a busy machine: TLS, a thread, and everything else that runs beside it. */
    private static final double SLACK_SECONDS = 1.5;
    /** Longer than an instance may be silent before the others take it for dead. */
    private static final Duration LONGER_THAN_DEATH = Duration.ofSeconds(14);
    /** A picture each 100 ms is drawn; so many are never missing on a machine that does nothing worse than being busy. */
    private static final double UNBROKEN_SECONDS = 3;

    /** How the store is away, and by when the issue wants an error. */
    private enum Outage {
        STOPPED(2) {
            @Override
            void begin(PostgresProcess store) {
                store.stop();
            }

            @Override
            void end(PostgresProcess store) {
                store.start();
            }
        },
        FROZEN(5) {
            @Override
            void begin(PostgresProcess store) {
                store.freeze();
            }

            @Override
            void end(PostgresProcess store) {
                store.thaw();
            }
        };

        private final double errorSeconds;

        Outage(double errorSeconds) {
            this.errorSeconds = errorSeconds;
        }

        abstract void begin(PostgresProcess store);

        abstract void end(PostgresProcess store);
    }

    private Cluster cluster;
    private Door here;
    private Door elsewhere;

    @BeforeAll
    void start(@TempDir Path folder) {
        cluster = Cluster.of(2, folder);
        here = cluster.instance(0).door();
        elsewhere = cluster.instance(1).door();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(Outage.class)
    void whatNeedsTheStoreEndsInAnErrorInTimeAndNothingElseStops(Outage outage) throws Exception {
        live(outage, LONGER_THAN_DEATH);
    }

    @Test
    @Tag("long")
    void anOutageOfThreeMinutesDeletesNoLivingDesktop() throws Exception {
        live(Outage.STOPPED, Duration.ofMinutes(3));
        // The next cleanup comes within two minutes, and waits for one window more.
        String survivor = "lives-STOPPED";
        assertThat(Enrolment.listed(here, survivor)).isPresent();
    }

    private void live(Outage outage, Duration length) throws Exception {
        String name = "lives-" + outage;
        Gaps local = new Gaps();
        Gaps pulled = new Gaps();
        SeededBytes bytes = new SeededBytes(outage.ordinal() + 5L, 12_000_000);
        try (ThreadWorkers workers = new ThreadWorkers();
                CuttingProxy narrow = new CuttingProxy(here.route());
                TestAgent agent = Enrolment.desktop(here, name, new GeneratedScreen(4, 3, 1, 7))
                        .draw(10)) {
            narrow.limit(1_000_000);
            await().atMost(PATIENCE).until(() -> Enrolment.isOnline(elsewhere, name));
            String known = Orders.id(
                    Orders.ask(here, name, "screenshot", Orders.screenshotOf(0), "before", Duration.ofMinutes(5)));
            String codeHere = Enrolment.offer(here).code();
            Door slowly = here.through(narrow);
            try (TestViewer near =
                            new TestViewer.Setup().eyes(local).connect(here).watch(name, 0);
                    TestViewer far = new TestViewer.Setup()
                            .eyes(pulled)
                            .connect(elsewhere)
                            .watch(name, 0);
                    Dashboard dashboard = new Dashboard(here);
                    TestUpload upload = new TestUpload(
                                    name,
                                    bytes,
                                    new TestConnector(slowly, Upgrade.v2(slowly)),
                                    workers,
                                    TestUpload.quickBackoff())
                            .whole()) {
                await().atMost(PATIENCE)
                        .until(() -> near.frames() > 5 && far.frames() > 5 && upload.acknowledged() > 1_000_000);
                local.restart();
                pulled.restart();
                long begunNanos = System.nanoTime();
                outage.begin(cluster.store());
                List<Double> errors = Lanes.together(List.of(
                        () -> refusal(here, "POST", name),
                        () -> refusal(elsewhere, "POST", name),
                        () -> lookUp(here, known),
                        () -> registration(here, codeHere, name)));
                double told = toldDown(dashboard, begunNanos);
                awaitHealth(here, "down");
                awaitHealth(elsewhere, "down");
                double health = seconds(begunNanos);
                await().atMost(length.plus(PATIENCE)).until(() -> seconds(begunNanos) > length.toSeconds());
                double nearGap = local.longestSeconds();
                double farGap = pulled.longestSeconds();
                long endedNanos = System.nanoTime();
                outage.end(cluster.store());
                awaitHealth(here, "up");
                awaitHealth(elsewhere, "up");
                double up = seconds(endedNanos);
                awaitTaken(here, name);
                awaitTaken(elsewhere, name);
                double commands = seconds(endedNanos);
                try (TestAgent late = register(name + "-late")) {
                    assertThat(late.epoch()).isPositive();
                }
                double registrations = seconds(endedNanos);
                upload.await(PATIENCE);
                assertThat(agent.isOver())
                        .as("whether the desktop lost its connection")
                        .isFalse();
                assertThat(Enrolment.isOnline(here, name)).isTrue();
                await().atMost(PATIENCE).until(() -> Enrolment.isOnline(elsewhere, name));
                agent.pause();
                await().atMost(PATIENCE)
                        .until(() -> near.glass().differences(agent.truth()) == 0
                                && far.glass().differences(agent.truth()) == 0);
                System.out.printf(
                        "cluster: the store %s for %d s: N=1: errors after s: command %.2f, command elsewhere %.2f, look-up"
                                + " %.2f, registration %.2f; observers told after %.2f s, /health after %.2f s; longest gap"
                                + " between pictures %.2f s local, %.2f s pulled; back: up after %.2f s, commands %.2f s,"
                                + " registrations %.2f s; upload exact over %d connections; the desktop kept its connection%n",
                        outage.name().toLowerCase(java.util.Locale.ROOT),
                        length.toSeconds(),
                        errors.get(0),
                        errors.get(1),
                        errors.get(2),
                        errors.get(3),
                        told,
                        health,
                        nearGap,
                        farGap,
                        up,
                        commands,
                        registrations,
                        upload.connections());
                assertThat(errors).allMatch(seconds -> seconds <= outage.errorSeconds + SLACK_SECONDS);
                assertThat(nearGap).as("longest gap of a local viewer, s").isLessThan(UNBROKEN_SECONDS);
                assertThat(farGap).as("longest gap of a pulling viewer, s").isLessThan(UNBROKEN_SECONDS);
                assertThat(upload.connections()).as("connections of the upload").isEqualTo(1);
            }
        }
    }

    private static double refusal(Door door, String method, String desktop) {
        long begunNanos = System.nanoTime();
        RawHttp.Answer answer = Orders.ask(
                door,
                desktop,
                "screenshot",
                Orders.screenshotOf(0),
                "during-" + method + begunNanos,
                Duration.ofMinutes(5));
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        return seconds(begunNanos);
    }

    private static double lookUp(Door door, String command) {
        long begunNanos = System.nanoTime();
        RawHttp.Answer answer = RawHttp.get(door, "/api/commands/" + command).send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        return seconds(begunNanos);
    }

    private static double registration(Door door, String code, String name) {
        long begunNanos = System.nanoTime();
        try (TestAgent refused =
                TestAgent.knock(door, new AgentKeyPair(), name + "-during", new GeneratedScreen(2, 2, 1, 9), code)) {
            JsonObject failed = refused.hear("registration_failed");
            assertThat(failed.get("error").getAsString()).isEqualTo("store_unavailable");
            return seconds(begunNanos);
        }
    }

    private TestAgent register(String name) {
        return Enrolment.desktop(elsewhere, name, new GeneratedScreen(2, 2, 1, 9));
    }

    private static double toldDown(Dashboard dashboard, long begunNanos) {
        JsonObject told = dashboard.hear("store_status").getAsJsonObject("store");
        assertThat(told.get("state").getAsString()).isEqualTo("down");
        return seconds(begunNanos);
    }

    private static void awaitHealth(Door door, String state) {
        await().atMost(PATIENCE).until(() -> RawHttp.get(door, "/health")
                .send()
                .json()
                .getAsJsonObject("store")
                .get("state")
                .getAsString()
                .equals(state));
    }

    private static void awaitTaken(Door door, String desktop) {
        await().atMost(PATIENCE)
                .until(() -> Orders.ask(
                                                door,
                                                desktop,
                                                "screenshot",
                                                Orders.screenshotOf(0),
                                                "after-" + door.authority(),
                                                Duration.ofMinutes(5))
                                        .status()
                                / 100
                        == 2);
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
