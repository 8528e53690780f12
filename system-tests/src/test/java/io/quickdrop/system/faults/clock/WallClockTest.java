package io.quickdrop.system.faults.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server's wall clock jumps with sessions in flight, and back again, over restarts under the wrong clock and under the
 * right one: recordings go on, and no session expires because a clock was wrong.
 */
@ExtendWith(ShowServerLogs.class)
final class WallClockTest {
    private static final String NAME = "wall clock by 1 h, 2 days, to 1970";
    /** How long an interrupted upload waits for its phone, unless the operator says otherwise. */
    private static final Duration RETENTION = Duration.ofDays(7);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void twentyJumpsOfTheClockLoseNoByteAndExpireNothing(@TempDir Path folder) throws Exception {
        jumpAgainAndAgain(folder, 20);
    }

    @Test
    @Tag("long")
    void aHundredJumpsOfTheClockLoseNoByteAndExpireNothing(@TempDir Path folder) throws Exception {
        jumpAgainAndAgain(folder, 100);
    }

    private static void jumpAgainAndAgain(Path folder, int jumps) throws Exception {
        Path library = FakeTime.library().orElse(null);
        FaultRow row = FaultRow.begin(NAME, jumps);
        if (library == null) {
            FaultRow.notRun(NAME, "there is no libfaketime (Debian's package faketime)");
            throw new AssertionError("not reached");
        }
        int faked = row.trials() / 2;
        int injected = row.trials() - faked;
        List<Integer> uploads = Lanes.together(List.of(
                () -> lane(
                        new FakeTime(library, folder.resolve("faked")), folder.resolve("faked"), faked, row.random(0)),
                () -> lane(
                        new InjectedClock(folder.resolve("injected")),
                        folder.resolve("injected"),
                        injected,
                        row.random(1))));
        row.passed(String.format(
                "%d by libfaketime under the real server, %d injected, each over a restart; %d uploads",
                faked, injected, uploads.get(0) + uploads.get(1)));
    }

    private static int lane(ClockedServer server, Path output, int jumps, Random random) {
        try (server;
                Traffic traffic = new Traffic("clock", random, server::connector, 20_000, 200_000)) {
            Judgement judgement = new Judgement(output);
            for (int jump = 0; jump < jumps; jump++) {
                List<Duration> kinds = kinds();
                jump(server, kinds.get(jump % kinds.size()), jump / kinds.size() % 2 == 0, traffic);
            }
            judgement.atTheEnd(traffic);
            return traffic.begun();
        }
    }

    private static List<Duration> kinds() {
        return List.of(
                Duration.between(Instant.now(), Instant.EPOCH.plusSeconds(60)),
                Duration.ofHours(1),
                Duration.ofHours(-1),
                Duration.ofDays(2),
                Duration.ofDays(-2));
    }

    private static void jump(ClockedServer server, Duration offBy, boolean restartAfterwards, Traffic traffic) {
        TestUpload goesOn = traffic.beginLive();
        TestUpload isAway = traffic.beginLive();
        sendTo(goesOn, goesOn.bytes().length() / 4);
        sendTo(isAway, isAway.bytes().length() / 4);
        server.jump(offBy);
        sendTo(goesOn, goesOn.bytes().length() / 2);
        sendTo(isAway, isAway.bytes().length() / 2);
        isAway.close();
        awaitSaneExpiry(server, isAway, offBy);
        if (!restartAfterwards) {
            server.restart();
            awaitSaneExpiry(server, isAway, offBy);
            sendTo(goesOn, goesOn.bytes().length() * 3 / 4);
        }
        server.jump(Duration.ZERO);
        if (restartAfterwards) {
            server.restart();
        }
        awaitSaneExpiry(server, isAway, Duration.ZERO);
        traffic.finish(goesOn.whole());
        TestUpload isBack = traffic.again(isAway);
        traffic.finish(isBack);
        assertThat(isBack.beganAt())
                .as("where the phone that was away goes on, with a clock off by %s", offBy)
                .isEqualTo(isAway.acknowledged());
    }

    /** By the clock that its readers see, a session that waits for its phone has the whole time of the policy before it. */
    private static void awaitSaneExpiry(ClockedServer server, TestUpload isAway, Duration offBy) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Duration left = Duration.between(Instant.now().plus(offBy), expiry(server, isAway));
            assertThat(left)
                    .as("what is left to a session with a clock off by %s", offBy)
                    .isBetween(RETENTION.minusMinutes(10), RETENTION.plusMinutes(1));
        });
    }

    private static Instant expiry(ClockedServer server, TestUpload isAway) throws IOException {
        try (TestSocket observer = TestSocket.open(server.door(), Upgrade.v2(server.door()))) {
            observer.text("{\"type\":\"subscribe_observer\"}");
            for (JsonElement each : observer.message("snapshot").getAsJsonArray("sessions")) {
                JsonObject session = each.getAsJsonObject();
                if (session.get("sessionId").getAsString().equals(isAway.id().value())) {
                    assertThat(session.has("expiresTs"))
                            .as("expiresTs of %s", session)
                            .isTrue();
                    return Instant.ofEpochMilli(session.get("expiresTs").getAsLong());
                }
            }
            throw new AssertionError("the server does not know " + isAway.id() + " any more");
        }
    }

    private static void sendTo(TestUpload upload, long bytes) {
        upload.produced(bytes);
        await().atMost(PATIENCE).until(() -> upload.acknowledged() == bytes);
    }
}
