package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.ErrorReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A sender that is told that the server has something else. */
class UploadSenderRepairTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String C = "c".repeat(64);
    private static final long MIB = 1 << 20;

    private final SenderScene s = new SenderScene();

    /** All is sent and acknowledged, and {@code end} is said. */
    private SenderScene ending(long produced) {
        s.sending(produced);
        for (long told = 0; told < produced; told += 10) {
            s.drained();
            s.progress(Math.min(produced, told + 10));
        }
        assertThat(s.endedRereadable()).containsExactly("end " + produced + " of a mender");
        return s;
    }

    @Test
    void whatDiffersIsSentAgainAndEndIsSaidAnew() {
        ending(20);
        s.drained();

        assertThat(s.blocks(0, 20, 8, A, B, C)).containsExactly("hash 0+20 by 8");
        assertThat(s.hashed(0, 20, 8, A, C, B))
                .containsExactly("repair 8+4", "repair 12+4", "repair 16+4", "end 20 of a mender");
        assertThat(s.sender.waitsForSocket()).isFalse();
        assertThat(s.saved(20)).contains("done");
    }

    @Test
    void theSocketBoundsWhatMends() {
        ending(20);
        s.drained();
        s.blocks(0, 20, 10, A, B);

        assertThat(s.hashed(0, 20, 10, C, C)).containsExactly("repair 0+4", "repair 4+4", "repair 8+2");
        assertThat(s.sender.waitsForSocket()).isTrue();
        assertThat(s.drained()).containsExactly("repair 10+4", "repair 14+4", "repair 18+2", "end 20 of a mender");
    }

    @Test
    void longBlocksAreLookedAtMoreCloselyBeforeTheyAreSent() {
        s.connected();
        s.started(64 * MIB);
        s.produced(64 * MIB);
        s.endedRereadable();

        s.blocks(0, 64 * MIB, 32 * MIB, A, B);
        assertThat(s.hashed(0, 64 * MIB, 32 * MIB, A, C)).containsExactly("compare " + 32 * MIB + "+" + 32 * MIB);
        assertThat(s.blocks(32 * MIB, 32 * MIB, 4 * MIB, A, A, A, A, A, A, A, A))
                .containsExactly("hash " + 32 * MIB + "+" + 32 * MIB + " by " + 4 * MIB);
        assertThat(s.hashed(32 * MIB, 32 * MIB, 4 * MIB, A, A, A, A, A, A, A, B))
                .contains("repair " + 60 * MIB + "+4");
    }

    @Test
    void aQuestionThatIsNotAnsweredIsAskedAgain() {
        s.connected();
        s.started(64 * MIB);
        s.produced(64 * MIB);
        s.endedRereadable();
        s.blocks(0, 64 * MIB, 32 * MIB, A, B);
        s.hashed(0, 64 * MIB, 32 * MIB, C, C);

        assertThat(s.pass(Duration.ofSeconds(20))).containsExactly("compare 0+" + 32 * MIB);
    }

    @Test
    void whereNothingDiffersTheSourceIsHashedAgain() {
        ending(20);

        s.blocks(0, 20, 8, A, B, C);
        assertThat(s.hashed(0, 20, 8, A, B, C)).containsExactly("hash 0+20 by 20");
        assertThat(s.hashed(0, 20, 20, B)).containsExactly("end 20 of a mender");
        assertThat(s.saved(20))
                .as("has the hash of before, not that of the source")
                .containsExactly("failed integrity_mismatch");
    }

    @Test
    void aSourceThatForgetsSaysSoAndIsToldTheEndOfIt() {
        s.sending(4);
        s.progress(4);

        assertThat(s.ended()).containsExactly("end 4");
        assertThat(s.error(ErrorReason.INTEGRITY_MISMATCH)).containsExactly("failed integrity_mismatch");
    }

    @Test
    void aCutInTheMidstOfItEndsTheRound() {
        ending(20);
        s.blocks(0, 20, 8, A, B, C);
        s.disconnected();
        assertThat(s.hashed(0, 20, 8, A, C, C)).isEmpty();

        s.connected();
        assertThat(s.blocks(0, 20, 8, A, B, C)).as("not before `end`").isEmpty();
        assertThat(s.started(20)).containsExactly("flowing", "end 20 of a mender");
        assertThat(s.blocks(0, 20, 8, A, B, C)).containsExactly("hash 0+20 by 8");
    }

    @Test
    void troubleWithTheDiskInTheMidstOfItEndsTheRound() {
        ending(20);
        s.blocks(0, 20, 8, A, B, C);
        s.error(ErrorReason.STORAGE_FAILED, 20L);

        assertThat(s.hashed(0, 20, 8, A, C, C)).isEmpty();
        assertThat(s.started(20)).containsExactly("flowing", "end 20 of a mender");
    }

    @Test
    void afterFiveRoundsItGivesUpWithWords() {
        ending(20);
        for (int round = 1; round <= 5; round++) {
            s.drained();
            assertThat(s.blocks(0, 20, 8, A, B, C)).containsExactly("hash 0+20 by 8");
            assertThat(s.hashed(0, 20, 8, A, B, B)).containsExactly("repair 16+4", "end 20 of a mender");
        }
        assertThat(s.blocks(0, 20, 8, A, B, C)).containsExactly("failed integrity_mismatch");
    }

    @Test
    void roundsThatACutEndedDoNotCount() {
        ending(20);
        for (int cut = 1; cut <= 20; cut++) {
            s.drained();
            assertThat(s.blocks(0, 20, 8, A, B, C)).containsExactly("hash 0+20 by 8");
            assertThat(s.hashed(0, 20, 8, A, B, B)).containsExactly("repair 16+4", "end 20 of a mender");
            s.disconnected();
            s.connected();
            assertThat(s.started(20)).containsExactly("flowing", "end 20 of a mender");
        }
    }

    @Test
    void blocksBehindTheEndAreNoReasonToReadThere() {
        ending(20);

        assertThat(s.blocks(16, 8, 8, A)).containsExactly("failed integrity_mismatch");
    }

    @Test
    void itCanBeThrownAwayMeanwhile() {
        ending(20);
        s.blocks(0, 20, 8, A, B, C);

        assertThat(s.abort()).containsExactly("abort");
    }
}
