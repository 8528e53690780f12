package io.quickdrop.relay.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.desktop.RateAllocator.Target;
import io.quickdrop.relay.desktop.RateAllocator.Viewer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RateAllocatorTest {
    private final RateAllocator allocator = new RateAllocator();
    private long nowMicros;

    private Optional<Target> after(double seconds, double source, Viewer... viewers) {
        Optional<Target> target = Optional.empty();
        for (int i = 0; i < seconds * 2; i++) {
            nowMicros += 500_000;
            target = allocator.update(List.of(viewers), source, nowMicros);
        }
        return target;
    }

    private static Viewer full(long id, long capacity) {
        return new Viewer(new ViewerId(id), "v" + id, capacity, OptionalLong.of(capacity), false, 30_000);
    }

    private static Viewer free(long id, long delivery) {
        return new Viewer(new ViewerId(id), "v" + id, delivery, OptionalLong.empty(), false, 0);
    }

    @Test
    void whereNobodysWayIsFullNobodyGoverns() {
        assertThat(after(5, 1e6, free(1, 100), free(2, 1_000_000))).isEmpty();
        assertThat(after(5, 1e6)).isEmpty();
    }

    @Test
    void aSingleViewerIsGiven85PercentOfWhatItsWayCarries() {
        assertThat(after(1, 1e6, full(1, 100_000))).contains(new Target(new ViewerId(1), "v1", 30_000, 85_000));
    }

    @Test
    void whileOneWayIsAmpleNothingLimits() {
        after(1, 1e6, full(1, 100_000));
        Viewer fast = new Viewer(new ViewerId(2), "v2", 150_000, OptionalLong.empty(), true, 0);
        assertThat(after(0.5, 1e6, full(1, 100_000), fast)).isEmpty();
        assertThat(after(5, 1e6, full(1, 100_000), full(3, 100_000), full(4, 100_000), fast))
                .isEmpty();
    }

    @Test
    void threeQuartersOfTheViewersSustainTheRate() {
        Viewer[] viewers = {full(1, 400_000), full(2, 300_000), full(3, 200_000), full(4, 100_000)};
        assertThat(after(1, 1e6, viewers).map(Target::bytesPerSecond)).contains(170_000L);
    }

    @Test
    void whoIsFarBelowTheBestLivesOnSkipping() {
        assertThat(after(1, 1e6, free(1, 900_000), full(2, 100_000))).isEmpty();
        assertThat(after(1, 1e6, free(1, 700_000), full(2, 100_000)).map(Target::governing))
                .contains(new ViewerId(2));
    }

    @Test
    void itFallsAtOnceAndRisesByNinePercentEachThreeSeconds() {
        after(1, 1e6, full(1, 1_000_000));
        assertThat(after(0.5, 1e6, full(1, 100_000)).map(Target::bytesPerSecond))
                .contains(85_000L);
        assertThat(after(3, 1e6, full(1, 1_000_000)).map(Target::bytesPerSecond))
                .contains(92_650L);
        assertThat(after(60, 1e6, full(1, 1_000_000)).map(Target::bytesPerSecond))
                .contains(519_222L);
        assertThat(after(60, 1e6, full(1, 1_000_000)).map(Target::bytesPerSecond))
                .contains(850_000L);
    }

    @Test
    void theLimitIsLiftedWhenTheSourceDoesNotUseIt() {
        after(1, 1e6, full(1, 100_000));
        assertThat(after(1, 80_000, free(1, 100_000))).isPresent();
        assertThat(after(0.5, 40_000, free(1, 100_000))).isEmpty();
    }

    @Test
    void theLimitGoesWithTheViewerThatSetIt() {
        after(1, 1e6, full(1, 100_000), free(2, 200_000));
        assertThat(after(0.5, 1e6, free(2, 200_000))).isEmpty();
    }

    @Test
    void theOrderOfTheViewersDoesNotMatter() {
        List<Viewer> viewers = new ArrayList<>(List.of(full(4, 100), full(3, 200), full(2, 300), full(1, 400)));
        assertThat(new RateAllocator().update(viewers, 1e6, 1).map(Target::governing))
                .contains(new ViewerId(3));
    }

    @Test
    void anInstanceCountsAsManyTimesAsPeopleLookThere() {
        Viewer crowd = new Viewer(new ViewerId(9), "crowd", 100_000, OptionalLong.of(100_000), false, 0, 9);
        assertThat(after(1, 1e6, full(1, 400_000), full(2, 300_000), full(3, 200_000), crowd)
                        .map(Target::bytesPerSecond))
                .contains(85_000L);
    }
}
