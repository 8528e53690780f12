package io.quickdrop.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.cluster.Sweep.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The decision of clearing away, in simulated time. */
class SweepTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T14:03:09Z");

    private Instant done = Instant.EPOCH;
    private Instant notBefore = Instant.EPOCH;
    private Instant hearingSince = BEGIN;

    /** One look, and what the store is like afterwards. */
    private Verdict look(long second) {
        Instant now = BEGIN.plusSeconds(second);
        Verdict verdict = Sweep.decide(now, done, notBefore, hearingSince);
        if (verdict != Verdict.WAIT) {
            done = now;
            notBefore = verdict == Verdict.WAIT_A_WINDOW ? now.plus(Sweep.WINDOW) : notBefore;
        }
        return verdict;
    }

    @Test
    void afterAWindowItIsDoneEveryTwoMinutes() {
        assertThat(look(0)).isEqualTo(Verdict.WAIT_A_WINDOW);
        int done = 0;
        for (long second = 5; second <= 1200; second += 5) {
            Verdict verdict = look(second);
            if (verdict == Verdict.SWEEP) {
                done++;
                assertThat(second % 120).isZero();
            } else {
                assertThat(verdict).isEqualTo(Verdict.WAIT);
            }
        }
        assertThat(done).isEqualTo(10);
    }

    @Test
    void afterAnOutageTheLivingGetAFullWindow() {
        look(0);
        assertThat(look(120)).isEqualTo(Verdict.SWEEP);
        // the store is away for three minutes; who looks first begins a window
        hearingSince = BEGIN.plusSeconds(300);
        assertThat(look(301)).isEqualTo(Verdict.WAIT_A_WINDOW);
        for (long second = 306; second < 421; second += 5) {
            assertThat(look(second)).isEqualTo(Verdict.WAIT);
        }
        assertThat(look(421)).isEqualTo(Verdict.SWEEP);
    }

    @Test
    void anOutageBetweenTwoTimesIsNoticedByOnesOwnSilence() {
        look(0);
        assertThat(look(120)).isEqualTo(Verdict.SWEEP);
        hearingSince = BEGIN.plusSeconds(220); // silent for a minute, and back before it was due
        assertThat(look(240)).isEqualTo(Verdict.WAIT);
        assertThat(look(270)).isEqualTo(Verdict.WAIT);
        assertThat(look(271)).as("nobody could do it in time").isEqualTo(Verdict.WAIT_A_WINDOW);
        assertThat(look(390)).isEqualTo(Verdict.WAIT);
        assertThat(look(391)).isEqualTo(Verdict.SWEEP);
    }

    @Test
    void whoHasJustBegunLeavesItToTheOthers() {
        look(0);
        hearingSince = BEGIN.plusSeconds(119);
        assertThat(look(120)).isEqualTo(Verdict.WAIT);
        hearingSince = BEGIN;
        assertThat(look(121)).isEqualTo(Verdict.SWEEP);
    }

    @Test
    void aClockThatIsSetBackBeginsAWindow() {
        look(0);
        look(120);
        assertThat(look(60)).isEqualTo(Verdict.WAIT_A_WINDOW);
        hearingSince = BEGIN.minusSeconds(600);
        assertThat(look(179)).isEqualTo(Verdict.WAIT);
        assertThat(look(180)).isEqualTo(Verdict.SWEEP);
    }

    @Test
    void whoWasNeverHeardJudgesNobody() {
        hearingSince = Instant.MAX;
        done = BEGIN;
        assertThat(look(120)).isEqualTo(Verdict.WAIT);
        assertThat(Sweep.WINDOW).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    }
}
