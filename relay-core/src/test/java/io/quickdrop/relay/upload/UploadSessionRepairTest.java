package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A session whose hash is not its sender's: what is on the disk is told, and what differs is taken again. */
class UploadSessionRepairTest {
    private final SessionScene s = new SessionScene();

    /** A sender that can mend has said {@code end}, and the hash is another. */
    private void mismatched() {
        s.receiving("hello");
        assertThat(s.endOfMender(1, 5)).containsExactly("save 5");
        assertThat(s.mismatched()).containsExactly("hash 0+5");
    }

    @Test
    void aMismatchIsToldInBlocksAndMended() {
        mismatched();
        assertThat(s.session.phase()).isEqualTo(SessionPhase.REPAIRING);

        assertThat(s.hashed(1, 0, 5)).containsExactly("→1 blocks 0+5 integrity_mismatch");
        assertThat(s.repair(1, 1, "ell")).containsExactly("replace 1 ell");
        assertThat(s.endOfMender(1, 5)).containsExactly("save 5");
        assertThat(s.kept(5)).containsExactly("published 5", "confirmed", "→1 saved 5");
    }

    @Test
    void aSenderThatCannotMendIsToldAsEver() {
        s.receiving("hello");
        s.end(1, 5, SessionScene.SHA);

        assertThat(s.mismatched()).containsExactly("→1 integrity_mismatch");
        assertThat(s.session.phase()).isEqualTo(SessionPhase.RECEIVING);
        assertThat(s.repair(1, 1, "ell")).as("nobody asked for it").isEmpty();
    }

    @Test
    void aPartIsToldMoreCloselyWhenAsked() {
        mismatched();
        s.hashed(1, 0, 5);

        assertThat(s.compare(1, 2, 3)).containsExactly("hash 2+3");
        assertThat(s.hashed(1, 2, 3)).containsExactly("→1 blocks 2+3 integrity_mismatch");
        assertThat(s.compare(1, 2, 4)).containsExactly("→1 bad_field:bytes");
        assertThat(s.compare(1, 6, 1)).containsExactly("→1 bad_field:bytes");
        assertThat(s.compare(1, 0, 0)).containsExactly("→1 bad_field:bytes");
    }

    @Test
    void bytesBehindTheEndAndDamagedOnesAreNotTaken() {
        mismatched();

        assertThat(s.repair(1, 3, "lo!")).isEmpty();
        assertThat(s.chunk(1, 5, "more")).as("not a chunk that mends").isEmpty();
        assertThat(s.session.durableBytes()).isEqualTo(5);
        assertThat(s.repair(2, 1, "ell")).as("not of the owner").isEmpty();
    }

    @Test
    void itsOwnerHearsOfItWhileTheDiskIsRead() {
        mismatched();

        assertThat(s.pass(Duration.ofSeconds(9))).containsExactly("→1 progress 5", "→1 progress 5");
    }

    @Test
    void afterACutItIsFoundAgain() {
        mismatched();
        s.hashed(1, 0, 5);
        s.repair(1, 1, "e");
        s.detach(1);
        assertThat(s.session.phase()).isEqualTo(SessionPhase.ORPHANED);

        assertThat(s.start(2)).containsExactly("→2 started at 5");
        assertThat(s.hashed(1, 0, 5)).as("asked by who is gone").isEmpty();
        assertThat(s.endOfMender(2, 5)).containsExactly("save 5");
        assertThat(s.mismatched()).containsExactly("hash 0+5");
        assertThat(s.hashed(1, 0, 5)).as("asked by who is gone").isEmpty();
        assertThat(s.hashed(2, 0, 5)).containsExactly("→2 blocks 0+5 integrity_mismatch");
    }

    @Test
    void whoComesInTheMidstOfItIsToldToContinueAtTheEnd() {
        mismatched();

        assertThat(s.start(2)).containsExactly("close 1 SUPERSEDED", "→2 started at 5");
        assertThat(s.repair(1, 1, "ell")).isEmpty();
        assertThat(s.endOfMender(2, 5)).containsExactly("save 5");
    }

    @Test
    void aDiskThatFailsInTheMidstOfItIsMendedFirst() {
        mismatched();
        s.hashed(1, 0, 5);
        s.repair(1, 1, "ell");

        assertThat(s.failed()).containsExactly("→1 storage_failed 5");
        assertThat(s.repair(1, 1, "ell")).isEmpty();
        assertThat(s.pass(Duration.ofSeconds(2))).containsExactly("rewind");
        assertThat(s.rewound(5)).containsExactly("→1 started at 5");
        assertThat(s.endOfMender(1, 5)).containsExactly("save 5");
    }

    @Test
    void whatIsNotDurableYetIsForcedMeanwhile() {
        s.receiving("hello");
        s.chunk(1, 5, " you");
        s.endOfMender(1, 9);
        s.mismatched();

        assertThat(s.pass(Duration.ofMillis(100))).containsExactly("force");
        assertThat(s.forced(9)).containsExactly("→1 progress 9");
    }

    @Test
    void itCanBeKeptOrThrownAwayMeanwhile() {
        mismatched();
        assertThat(s.keep()).containsExactly("keep partial");

        SessionScene other = new SessionScene().receiving("hello");
        other.endOfMender(1, 5);
        other.mismatched();
        assertThat(other.abort(1)).containsExactly("discard");
    }

    /** Its sender hears nothing of {@code blocks} any more, so that mending would never come to an end. */
    @Test
    void anAbortWhileTheHashIsLookedAtThrowsAwayWhatDoesNotFit() {
        s.receiving("hello");
        s.endOfMender(1, 5);

        assertThat(s.abort(1)).as("it may fit").isEmpty();
        assertThat(s.mismatched()).containsExactly("discard");
        assertThat(s.discarded()).containsExactly("→1 aborted", "retire");
    }

    @Test
    void anAbortWhileTheHashIsLookedAtHoldsAlsoWhereItsSenderLeavesOrTheDiskFails() {
        s.receiving("hello");
        s.endOfMender(1, 5);
        s.abort(1);
        s.detach(1);
        assertThat(s.mismatched()).containsExactly("discard");

        SessionScene failing = new SessionScene().receiving("hello");
        failing.endOfMender(1, 5);
        failing.abort(1);
        assertThat(failing.failed()).containsExactly("→1 storage_failed 5");
        failing.pass(Duration.ofSeconds(2));
        assertThat(failing.rewound(5)).containsExactly("discard");
    }

    @Test
    void anAbortOfWhatFitsIsTooLate() {
        s.receiving("hello");
        s.endOfMender(1, 5);
        s.abort(1);

        assertThat(s.kept(5)).containsExactly("published 5", "confirmed", "→1 saved 5");
    }

    @Test
    void afterEightRoundsOnOneConnectionItIsTheEnd() {
        mismatched();
        for (int round = 2; round <= 8; round++) {
            s.endOfMender(1, 5);
            assertThat(s.mismatched()).containsExactly("hash 0+5");
        }
        s.endOfMender(1, 5);
        assertThat(s.mismatched()).containsExactly("→1 integrity_mismatch");

        s.start(2);
        s.endOfMender(2, 5);
        assertThat(s.mismatched()).as("another connection").containsExactly("hash 0+5");
    }
}
