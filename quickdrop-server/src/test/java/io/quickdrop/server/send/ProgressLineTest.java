package io.quickdrop.server.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.send.Transfer.Look;
import io.quickdrop.server.send.Transfer.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ProgressLine line = new ProgressLine("holiday.mp4", 200_000_000);

    @Test
    void bytesFlow() {
        assertThat(line.render(look(State.SENDING, "", 50_000_000), 2_000_000, 200))
                .isEqualTo("holiday.mp4 [#####---------------]  25% 50.0 MB of 200.0 MB safe, 2.0 MB/s, 1:15 left");
    }

    @Test
    void everythingIsSafeOnlyWhenEveryByteIs() {
        assertThat(line.render(look(State.SENDING, "", 199_999_999), 0, 200)).contains(" 99%");
        assertThat(line.render(look(State.SENDING, "", 200_000_000), 0, 200))
                .endsWith("100% 200.0 MB of 200.0 MB safe, being checked");
    }

    @Test
    void theCountdownToTheNextAttemptIsShown() {
        Look look = new Look(State.OFFLINE, "no answer in time", 0, 0, Duration.ofMillis(2100), Duration.ofSeconds(9));

        assertThat(line.render(look, 0, 200)).endsWith("no connection, next try in 3 s (no answer in time)");
    }

    @Test
    void aWaitingServerSaysWhy() {
        assertThat(line.render(look(State.WAITING, "storage_full: room for 0 bytes", 10), 0, 200))
                .endsWith("waiting for the server (storage_full: room for 0 bytes)");
    }

    @Test
    void aNarrowTerminalCutsTheEnd() {
        assertThat(line.render(look(State.SENDING, "", 0), 0, 40)).hasSize(40).startsWith("holiday.mp4 [");
    }

    @Test
    void anEmptyFileIsAtOnceWhole() {
        assertThat(new ProgressLine("empty", 0).render(look(State.SENDING, "", 0), 0, 200))
                .contains("100%");
    }

    @Test
    void sizesAreReadable() {
        assertThat(ProgressLine.size(999)).isEqualTo("999 B");
        assertThat(ProgressLine.size(1000)).isEqualTo("1.0 kB");
        assertThat(ProgressLine.size(999_960)).isEqualTo("1.0 MB");
        assertThat(ProgressLine.size(5_000_000_000_000L)).isEqualTo("5.0 TB");
    }

    @Test
    void aRateIsThatOfTheLastSeconds() {
        RateMeter meter = new RateMeter();
        assertThat(meter.bytesPerSecond()).isZero();
        for (int second = 0; second <= 20; second++) {
            meter.read(second * 1_000_000_000L, second < 10 ? 0 : (second - 10) * 1000L);
        }
        assertThat(meter.bytesPerSecond()).isBetween(999.0, 1001.0);
    }

    private static Look look(State state, String note, long safe) {
        return new Look(state, note, safe, safe, Duration.ZERO, Duration.ZERO);
    }
}
