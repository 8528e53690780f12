package io.quickdrop.relay.link;

import static io.quickdrop.relay.link.Heartbeat.Verdict.DEAD;
import static io.quickdrop.relay.link.Heartbeat.Verdict.PING;
import static io.quickdrop.relay.link.Heartbeat.Verdict.QUIET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private final Heartbeat heartbeat = new Heartbeat(Heartbeat.Timing.defaults(), at(0));

    private static Instant at(double seconds) {
        return Instant.EPOCH.plusMillis((long) (seconds * 1000));
    }

    @Test
    void eachIntervalAsksForAPing() {
        for (int second = 5; second <= 100; second += 5) {
            assertThat(heartbeat.deadline()).isEqualTo(at(second));
            assertThat(heartbeat.poll(at(second))).isEqualTo(PING);
            heartbeat.heard(at(second + 0.1));
        }
    }

    @Test
    void aSilentPeerIsDeadFifteenSecondsAfterItsLastByteAndNotOnlyAtTheNextPing() {
        heartbeat.heard(at(1));
        assertThat(heartbeat.poll(at(5))).isEqualTo(PING);
        assertThat(heartbeat.poll(at(10))).isEqualTo(PING);
        assertThat(heartbeat.poll(at(15))).isEqualTo(PING);
        assertThat(heartbeat.deadline()).isEqualTo(at(16));
        assertThat(heartbeat.poll(at(16))).isEqualTo(DEAD);
        assertThat(heartbeat.poll(at(16))).isEqualTo(DEAD);
    }

    @Test
    void bytesThatLeaveAFullSocketProveLifeAtTheTimeWhenItWasFull() {
        long handed = 1_000_000;
        long pending = 900_000;
        for (int second = 5; second <= 100; second += 5) {
            heartbeat.sent(handed, pending, at(second));
            assertThat(heartbeat.poll(at(second))).isEqualTo(PING);
            pending -= 5_000;
        }
        heartbeat.sent(handed, pending, at(105)); // some left between 100 and 105, and none since
        assertThat(heartbeat.poll(at(105))).isEqualTo(PING);
        heartbeat.sent(handed, pending, at(110));
        assertThat(heartbeat.poll(at(110))).isEqualTo(PING);
        heartbeat.sent(handed, pending, at(115));
        assertThat(heartbeat.poll(at(115))).as("15 s behind the last proof").isEqualTo(DEAD);
    }

    @Test
    void bytesThatAnEmptySocketTakesProveNothing() {
        for (int second = 5; second < 15; second += 5) {
            heartbeat.sent(second * 1_000L, 0, at(second)); // into the kernel's buffer, of a peer that is gone
            assertThat(heartbeat.poll(at(second))).isEqualTo(PING);
        }
        heartbeat.sent(15_000, 0, at(15));
        assertThat(heartbeat.poll(at(15))).isEqualTo(DEAD);
    }

    @Test
    void anEarlyTickDoesNothing() {
        assertThat(heartbeat.poll(at(0))).isEqualTo(QUIET);
        assertThat(heartbeat.poll(at(4.9))).isEqualTo(QUIET);
        assertThat(heartbeat.deadline()).isEqualTo(at(5));
    }

    @Test
    void aLateTickBuysThePeerOneMoreInterval() {
        assertThat(heartbeat.poll(at(300))).as("we were frozen, not the peer").isEqualTo(PING);
        assertThat(heartbeat.poll(at(304.9))).isEqualTo(QUIET);
        assertThat(heartbeat.poll(at(305))).isEqualTo(DEAD);
    }

    @Test
    void aLateTickJustBeforeDeathDoesNotKillEither() {
        heartbeat.poll(at(5));
        heartbeat.poll(at(10));
        assertThat(heartbeat.deadline()).isEqualTo(at(15));
        assertThat(heartbeat.poll(at(24))).isEqualTo(PING);
        heartbeat.heard(at(24.1));
        assertThat(heartbeat.poll(at(29))).isEqualTo(PING);
    }

    @Test
    void silenceProvesNothingWhileWeDontListen() {
        heartbeat.notListening();
        for (int second = 5; second <= 100; second += 5) {
            assertThat(heartbeat.poll(at(second))).isEqualTo(PING);
        }
        heartbeat.listening(at(101));
        assertThat(heartbeat.poll(at(105))).isEqualTo(PING);
        assertThat(heartbeat.poll(at(110))).isEqualTo(PING);
        assertThat(heartbeat.poll(at(115))).isEqualTo(PING);
        assertThat(heartbeat.poll(at(116))).isEqualTo(DEAD);
    }

    @Test
    void timeThatGoesBackwardsChangesNothing() {
        heartbeat.heard(at(4));
        heartbeat.heard(at(1));
        heartbeat.poll(at(5));
        assertThat(heartbeat.poll(at(2))).isEqualTo(QUIET);
        heartbeat.poll(at(10));
        heartbeat.poll(at(15));
        assertThat(heartbeat.deadline()).isEqualTo(at(19));
    }

    @Test
    void aTimingThatWouldKillAPeerBeforeItWasAskedIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Heartbeat.Timing(Duration.ofSeconds(1), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Heartbeat.Timing(Duration.ZERO, 3));
    }
}
