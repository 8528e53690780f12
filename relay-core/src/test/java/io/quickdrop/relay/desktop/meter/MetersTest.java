package io.quickdrop.relay.desktop.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetersTest {
    @Test
    void theLeastOfLateIsForgottenInTime() {
        WindowedMinimum least = new WindowedMinimum(Duration.ofSeconds(30));
        assertThat(least.minimum(0, 7)).isEqualTo(7);
        least.add(20, 1_000_000);
        least.add(50, 20_000_000);
        assertThat(least.minimum(29_000_000, 0)).isEqualTo(20);
        assertThat(least.minimum(31_000_000, 0)).isEqualTo(50);
        assertThat(least.minimum(60_000_000, 7)).isEqualTo(7);
    }

    @Test
    void theRateIsThatOfTheLastTwoSeconds() {
        RateMeter meter = new RateMeter();
        assertThat(meter.perSecond(0)).isZero();
        for (int i = 1; i <= 100; i++) {
            meter.add(10, i * 100_000L);
        }
        assertThat(meter.perSecond(10_000_000)).isBetween(90.0, 110.0);
        assertThat(meter.perSecond(13_000_000)).isZero();
    }

    @Test
    void aSourceThatRestsDoesNotMakeAWayLookSlow() {
        DeliveryRate rate = new DeliveryRate();
        DeliveryRate.Mark first = rate.sending(true, 0);
        rate.acknowledged(10_000, first, 0, false, 100_000);
        assertThat(rate.bytesPerSecond(100_000)).isEqualTo(100_000);
        DeliveryRate.Mark second = rate.sending(true, 5_000_000);
        rate.acknowledged(10_000, second, 5_000_000, false, 5_100_000);
        assertThat(rate.bytesPerSecond(5_100_000)).isEqualTo(100_000);
        assertThat(rate.capacity(5_100_000)).as("it was never seen full").isEmpty();
    }

    @Test
    void aWayThatIsOftenFullHasACapacityForAWhile() {
        DeliveryRate rate = new DeliveryRate();
        for (int i = 0; i < 10; i++) {
            DeliveryRate.Mark mark = rate.sending(false, i * 100_000L);
            rate.acknowledged(10_000, mark, i * 100_000L, true, (i + 1) * 100_000L);
        }
        assertThat(rate.capacity(1_000_000)).hasValue(100_000);
        assertThat(rate.isAmple(1_000_000)).isFalse();
        assertThat(rate.capacity(9_000_000)).isEmpty();
        assertThat(rate.isAmple(9_000_000)).as("not for a long time").isFalse();
        assertThat(rate.lastKnown()).isEqualTo(100_000);
    }

    @Test
    void aPageThatWasBusyForAMomentIsNoNarrowWay() {
        DeliveryRate rate = new DeliveryRate();
        for (int i = 0; i < 40; i++) {
            DeliveryRate.Mark mark = rate.sending(true, i * 100_000L);
            rate.acknowledged(10_000, mark, i * 100_000L, i > 36, (i + 1) * 100_000L);
        }
        assertThat(rate.capacity(4_000_000)).isEmpty();
        assertThat(rate.isAmple(4_000_000)).isTrue();
    }

    @Test
    void anUplinksQueueIsWhatIsLaterThanTheQuickest() {
        UplinkMeter uplink = new UplinkMeter(Duration.ofSeconds(30));
        uplink.roundTrip(20_000);
        uplink.arrived(1_000, 0, 5_000_000);
        assertThat(uplink.micros()).isEqualTo(10_000);
        uplink.arrived(101_000, 0, 5_150_000);
        assertThat(uplink.queueMicros()).isEqualTo(50_000);
        assertThat(uplink.micros()).isEqualTo(60_000);
    }
}
