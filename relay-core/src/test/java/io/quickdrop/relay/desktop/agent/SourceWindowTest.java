package io.quickdrop.relay.desktop.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.agent.SourceWindow.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceWindowTest {
    private static final StreamKey TILES = new StreamKey(0, 0);
    private static final StreamKey OTHER = new StreamKey(1, 0);
    private static final long EPOCH = 7;

    private final SourceWindow window = new SourceWindow(Bounds.defaults());
    private Instant now = Instant.EPOCH;

    @BeforeEach
    void registered() {
        window.begin(EPOCH);
    }

    @Test
    void tenFramesMayBeOnTheirWayOverAllStreams() {
        for (int i = 0; i < 10; i++) {
            assertThat(send(i % 2 == 0 ? TILES : OTHER, 100)).isPresent();
        }
        assertThat(window.reserve(TILES, now)).isEmpty();
        assertThat(window.reserve(OTHER, now)).isEmpty();
    }

    @Test
    void whatIsSkippedIsCountedByRegistration() {
        window.skip();
        window.skip();
        assertThat(window.skipped()).isEqualTo(2);
        window.begin(EPOCH + 1);
        assertThat(window.skipped()).isZero();
    }

    @Test
    void aPlaceThatIsKeptCountsBeforeItIsUsed() {
        long first = window.reserve(TILES, now).orElseThrow();
        for (int i = 0; i < 9; i++) {
            window.reserve(TILES, now);
        }
        assertThat(window.reserve(TILES, now)).isEmpty();
        window.release(first);
        assertThat(window.reserve(TILES, now)).isPresent();
    }

    @Test
    void framesAreNumberedFromOneByStream() {
        assertThat(send(TILES, 1)).hasValue(1);
        assertThat(send(OTHER, 1)).hasValue(1);
        assertThat(send(TILES, 1)).hasValue(2);
    }

    @Test
    void anAcknowledgementFreesItsFrameAndAllBeforeOfTheSameStreamOnly() {
        for (int i = 0; i < 5; i++) {
            send(TILES, 10);
            send(OTHER, 1000);
        }
        pass(30);
        assertThat(window.acknowledged(TILES, EPOCH, 4, now).orElseThrow().bytes())
                .isEqualTo(40);
        assertThat(window.framesInFlight()).isEqualTo(6);
        assertThat(window.bytesInFlight()).isEqualTo(5010);
        assertThat(window.acknowledged(TILES, EPOCH, 4, now)).isEmpty();
    }

    @Test
    void aLostAcknowledgementIsMadeUpForByTheNext() {
        send(TILES, 1);
        send(TILES, 1);
        window.acknowledged(TILES, EPOCH, 2, now);
        assertThat(window.framesInFlight()).isZero();
    }

    @Test
    void noFrameBeginsAboveTheByteBoundSoAtMostThatAndOneFrameAreHeld() {
        send(TILES, (4 << 20) - 1);
        assertThat(send(TILES, 1 << 20)).isPresent();
        assertThat(window.reserve(TILES, now)).isEmpty();
        window.acknowledged(TILES, EPOCH, 1, now);
        assertThat(window.reserve(TILES, now)).isPresent();
    }

    @Test
    void noFrameBeginsWhileTheOldestQueues() {
        send(TILES, 1);
        pass(100);
        window.acknowledged(TILES, EPOCH, 1, now); // the least round trip is 100 ms
        send(TILES, 1);
        pass(500);
        assertThat(window.reserve(OTHER, now)).isPresent();
        pass(1);
        assertThat(window.reserve(OTHER, now)).isEmpty();
        assertThat(window.queueing(now)).isEqualTo(Duration.ofMillis(401));
    }

    @Test
    void aFarServerIsNoReasonToSkip() {
        pongAfter(800);
        for (int i = 0; i < 8; i++) {
            assertThat(send(TILES, 1)).isPresent();
            pass(125);
        }
    }

    @Test
    void withoutAnyAcknowledgementTheStreamGoesOnOnceEntriesExpire() {
        for (int i = 0; i < 10; i++) {
            send(TILES, 1);
        }
        pass(4999);
        assertThat(window.reserve(TILES, now)).isEmpty();
        pass(1);
        assertThat(window.reserve(TILES, now)).isPresent();
        assertThat(window.bytesInFlight()).isZero();
    }

    @Test
    void aPlaceThatIsForgottenExpiresToo() {
        for (int i = 0; i < 10; i++) {
            window.reserve(TILES, now);
        }
        pass(5000);
        assertThat(window.reserve(TILES, now)).isPresent();
        assertThat(window.framesInFlight()).isEqualTo(1);
    }

    @Test
    void aNewEpochClearsTheWindow() {
        long old = window.reserve(TILES, now).orElseThrow();
        for (int i = 0; i < 9; i++) {
            send(TILES, 1000);
        }
        window.reserve(TILES, now);
        window.begin(EPOCH + 1);

        assertThat(window.framesInFlight()).isZero();
        assertThat(window.bytesInFlight()).isZero();
        assertThat(window.sent(old, TILES, 1, now)).isEmpty();
        assertThat(send(TILES, 1)).hasValue(1);
        assertThat(window.acknowledged(TILES, EPOCH, 1, now)).isEmpty();
        assertThat(window.framesInFlight()).isEqualTo(1);
    }

    @Test
    void withoutARegistrationNothingHasRoom() {
        window.end();
        assertThat(window.reserve(TILES, now)).isEmpty();
    }

    @Test
    void tellsWhatTheWayCarries() {
        send(TILES, 50_000);
        send(TILES, 50_000);
        pass(500);
        window.acknowledged(TILES, EPOCH, 1, now);
        pass(500);
        double rate = window.acknowledged(TILES, EPOCH, 2, now).orElseThrow().bytesPerSecond();
        assertThat(rate).isEqualTo(100_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whateverHappensTheBoundsHoldAndNoStreamStops(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long epoch = EPOCH;
        Instant lastRoom = now;
        for (int i = 0; i < 20_000; i++) {
            pass(random.nextInt(50));
            StreamKey stream = new StreamKey(random.nextInt(3), random.nextInt(3));
            int what = random.nextInt(20);
            if (what < 12) {
                OptionalLong ticket = window.reserve(stream, now);
                if (ticket.isPresent()) {
                    lastRoom = now;
                    assertThat(window.framesInFlight()).isLessThanOrEqualTo(10);
                    assertThat(window.bytesInFlight()).isLessThan(4 << 20);
                    int use = random.nextInt(4);
                    if (use == 0) {
                        window.release(ticket.getAsLong());
                    } else if (use < 3) {
                        window.sent(ticket.getAsLong(), stream, random.nextInt(1_000_000), now);
                    } // else forgotten
                }
            } else if (what < 14) {
                window.acknowledged(stream, epoch - random.nextInt(2), random.nextInt(200), now);
            } else if (what == 14 && random.nextInt(200) == 0) {
                window.begin(++epoch);
            }
            assertThat(window.bytesInFlight()).isNotNegative();
            assertThat(Duration.between(lastRoom, now)).isLessThan(Duration.ofSeconds(7));
        }
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(0, 1, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(1, 1, second, Duration.ZERO));
    }

    private OptionalLong send(StreamKey stream, long bytes) {
        OptionalLong ticket = window.reserve(stream, now);
        return ticket.isEmpty() ? ticket : window.sent(ticket.getAsLong(), stream, bytes, now);
    }

    private void pongAfter(long millis) {
        pass(millis);
        window.roundTrip(Duration.ofMillis(millis), now);
    }

    private void pass(long millis) {
        now = now.plusMillis(millis);
    }
}
