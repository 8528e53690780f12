package io.quickdrop.relay.desktop.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quickdrop.protocol.AgentMessage.Governing;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QualityControllerTest {
    private final SimulatedUplink world = new SimulatedUplink();

    @Test
    void startsWithEightFramesASecondAtQuality75() {
        assertThat(world.controller.pace()).isEqualTo(new Pace(8, 75));
        assertThat(world.controller.pace().interval()).isEqualTo(Duration.ofMillis(125));
    }

    @Test
    void anEasyWayIsUsedToTheFullWithinFifteenSeconds() {
        world.run(15);
        assertThat(world.controller.pace()).isEqualTo(new Pace(30, 90));
        assertThat(world.window.skipped()).isZero();
    }

    @Test
    void aFarServerIsNoReasonForWorsePictures() {
        world.oneWayMillis = 300;
        world.run(5);
        assertThat(world.controller.pace().quality()).isEqualTo(75); // eight a second: always some on their way
        assertThat(world.window.skipped()).isZero();
    }

    @Test
    void queueingAbove500MillisecondsCostsFiveOfQualityEachHalfSecondDownTo50() {
        Instant now = Instant.EPOCH;
        QualityController controller = new QualityController(PaceBounds.defaults());
        controller.begin(now);
        int[] qualities = new int[6];
        for (int i = 0; i < qualities.length; i++) {
            now = now.plus(QualityController.STEP);
            controller.step(Duration.ofMillis(501), 5, now);
            qualities[i] = controller.pace().quality();
        }
        assertThat(qualities).containsExactly(70, 65, 60, 55, 50, 50);
        for (int i = 0; i < 30; i++) {
            now = now.plus(QualityController.STEP);
            controller.step(Duration.ofMillis(99), 2, now);
        }
        assertThat(controller.pace().quality()).isEqualTo(90);
    }

    @Test
    void fewerFramesComeBeforeWorseOnes() {
        Instant now = Instant.EPOCH;
        QualityController controller = new QualityController(PaceBounds.defaults());
        controller.begin(now);
        for (int i = 0; i < 4; i++) {
            now = now.plus(QualityController.STEP);
            controller.step(Duration.ofMillis(300), 5, now);
        }
        assertThat(controller.pace()).isEqualTo(new Pace(2, 75));
    }

    @Test
    void anEarlyStepDoesNothing() {
        Instant now = Instant.EPOCH;
        QualityController controller = new QualityController(PaceBounds.defaults());
        controller.begin(now);
        for (int i = 0; i < 100; i++) {
            controller.step(Duration.ofSeconds(9), 9, now.plusMillis(4L * i));
        }
        assertThat(controller.pace()).isEqualTo(new Pace(8, 75));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2, 5, 10})
    void aNarrowWayIsFilledWithoutAQueue(double megabitsPerSecond) {
        world.megabitsPerSecond = megabitsPerSecond;
        world.run(30);
        world.measureAnew();
        world.run(60);

        double frameMillis = world.frameBytes * 8 * 50.0 / 75 / megabitsPerSecond / 1000;
        assertThat(world.worstAgeMillis).isLessThan(1000 + 2.5 * frameMillis);
        assertThat(world.arrivedBytes * 8 / 60e6).isGreaterThan(0.55 * megabitsPerSecond);
    }

    @Test
    void aWayThatTurnsNarrowSlowsTheSourceWithinASecond() {
        world.run(20);
        world.megabitsPerSecond = 1;
        world.run(1.5); // half a second until the first frame is late, and a second
        world.measureAnew();
        world.run(1);
        assertThat(world.sent).isLessThanOrEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 4})
    void everythingComesBackWithinAMinuteOfCongestion(double megabitsPerSecond) {
        world.run(20);
        world.megabitsPerSecond = megabitsPerSecond;
        world.run(60);
        assertThat(world.controller.bitsPerSecond()).isLessThan(megabitsPerSecond * 1.5e6 + 65_000);
        world.megabitsPerSecond = 100;
        world.run(60);
        assertThat(world.controller.pace()).isEqualTo(new Pace(30, 90));
        assertThat(world.controller.bitsPerSecond()).isInfinite();
        world.measureAnew();
        world.run(10);
        assertThat(world.sent).isGreaterThan(270);
    }

    @Test
    void theServersTargetIsKeptWithinASecond() {
        world.run(20);
        world.governing = new Governing(0, 2000);
        world.run(1);
        world.measureAnew();
        world.run(10);
        assertThat(world.arrivedBytes * 8 / 10e3).isBetween(1500.0, 2200.0);
    }

    @Test
    void aTargetThatRisesIsFollowedByStepsWhileTheViewerIsNotAtEase() {
        world.governing = new Governing(60, 1000);
        world.run(5);
        world.governing = new Governing(60, 4000);
        world.run(3);
        assertThat(world.controller.bitsPerSecond()).isBetween(1_070_000.0, 1_120_000.0); // 8 to 10 % in 3 s
    }

    @Test
    void everyLimitIsLiftedWhenNobodyLimitsAnyMore() {
        world.governing = new Governing(700, 1000);
        world.run(20);
        assertThat(world.controller.pace().quality()).isEqualTo(50);
        world.governing = null;
        world.run(1);
        assertThat(world.controller.bitsPerSecond()).isInfinite();
        world.run(20);
        assertThat(world.controller.pace()).isEqualTo(new Pace(30, 90));
    }

    @Test
    void aReportThatIsNotRenewedBoundsNothing() {
        Instant now = Instant.EPOCH;
        QualityController controller = new QualityController(PaceBounds.defaults());
        controller.begin(now);
        controller.governed(new Governing(900, 1000), now);
        for (int i = 0; i < 20; i++) {
            now = now.plus(QualityController.STEP);
            controller.step(Duration.ZERO, 0, now);
        }
        assertThat(controller.bitsPerSecond()).isInfinite();
        assertThat(controller.pace().quality()).isGreaterThan(70);
    }

    @Test
    void aBoundThatLeavesTooFewFramesMakesThemWorseUntilThereAreEnough() {
        world.frameBytes = 100_000; // 800 kbit: 2.5 a second fit
        world.governing = new Governing(0, 2000);
        world.run(30);
        assertThat(world.controller.pace().quality()).isLessThan(65);
        world.measureAnew();
        world.run(10);
        assertThat(world.sent).isGreaterThanOrEqualTo(30);
    }

    @Test
    void theOperatorsBoundsHoldAndCanBeLifted() {
        world.controller.allowed(5, 60);
        world.run(20);
        assertThat(world.controller.pace()).isEqualTo(new Pace(5, 60));
        world.controller.allowed(null, 80);
        assertThat(world.controller.pace()).isEqualTo(new Pace(5, 80));
        world.controller.allowed(60, 100);
        world.run(20);
        assertThat(world.controller.pace()).isEqualTo(new Pace(30, 90)); // the agent's own
    }

    @Test
    void theServerAsksForNoMoreThanSoManyFrames() {
        world.controller.asked(10, 80, true);
        assertThat(world.controller.pace().quality()).isEqualTo(80);
        world.run(20);
        assertThat(world.controller.pace().fps()).isEqualTo(10);
    }

    @Test
    void oneLargePictureOnAnEasyWayBoundsNothingForLong() {
        world.run(20);
        world.frameBytes = 4_000_000; // a third of a second
        world.run(0.04);
        world.frameBytes = 60_000;
        world.run(20);
        assertThat(world.controller.bitsPerSecond()).isInfinite();
        assertThat(world.controller.pace()).isEqualTo(new Pace(30, 90));
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PaceBounds(2, 1, 30, 50, 75, 90));
        assertThatIllegalArgumentException().isThrownBy(() -> new PaceBounds(1, 8, 61, 50, 75, 90));
        assertThat(PaceBounds.defaults().atMost(5, 60)).isEqualTo(new PaceBounds(1, 5, 5, 50, 60, 60));
    }
}
