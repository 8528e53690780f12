package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Chunk;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the server's end does with a peer of v2 while its disk is well. */
class UploadSessionTest {
    private static final Duration FORCE_DELAY = SessionScene.CONFIG.forceDelay();

    private final SessionScene scene = new SessionScene();

    @Test
    void aStartIsAnsweredWhenTheRecordingIsOpen() {
        assertThat(scene.start(1)).containsExactly("open");
        assertThat(scene.opened()).containsExactly("→1 started at 0");
    }

    @Test
    void bytesAreAcknowledgedOnlyWhenTheyAreForced() {
        scene.receiving("");
        assertThat(scene.chunk(1, 0, "abc")).containsExactly("append abc");
        assertThat(scene.pass(FORCE_DELAY)).containsExactly("force");
        assertThat(scene.forced(3)).containsExactly("→1 progress 3");
    }

    @Test
    void aForceIsOrderedByAmountOrByDelayAndNeverTwoAtOnce() {
        scene.receiving("");
        assertThat(scene.chunk(1, 0, "0123456789")).containsExactly("append 0123456789", "force");
        assertThat(scene.chunk(1, 10, "0123456789abc")).containsExactly("append 0123456789abc");
        assertThat(scene.pass(FORCE_DELAY.multipliedBy(9))).isEmpty();
        assertThat(scene.forced(10)).containsExactly("→1 progress 10", "force");
        assertThat(scene.forced(23)).containsExactly("→1 progress 23");
    }

    /** Bytes in flight at a cut: the client continues at what the server has, not at what it believes to have sent. */
    @Test
    void aResumeContinuesAtTheDurableOffsetAndWaitsForWhatIsWrittenToBecomeDurable() {
        scene.receiving("abc");
        scene.chunk(1, 3, "def");
        assertThat(scene.detach(1)).isEmpty();
        assertThat(scene.start(2)).containsExactly("force");
        assertThat(scene.chunk(2, 3, "dXf")).as("nothing was asked for yet").isEmpty();
        assertThat(scene.forced(6)).containsExactly("→2 started at 6");
    }

    @Test
    void aResumeWhileAForceRunsWaitsForTheNext() {
        scene.receiving("");
        scene.chunk(1, 0, "0123456789");
        scene.chunk(1, 10, "ab");
        assertThat(scene.start(2)).containsExactly("close 1 SUPERSEDED");
        assertThat(scene.forced(10)).containsExactly("force");
        assertThat(scene.forced(12)).containsExactly("→2 started at 12");
    }

    /** Resume while the server still believes in the old socket. */
    @Test
    void aNewerConnectionTakesTheSessionOver() {
        scene.receiving("abc");
        assertThat(scene.start(2)).containsExactly("close 1 SUPERSEDED", "→2 started at 3");
        assertThat(scene.chunk(1, 3, "late")).isEmpty();
        assertThat(scene.end(1, 3)).isEmpty();
        assertThat(scene.abort(1)).isEmpty();
        assertThat(scene.detach(1)).isEmpty();
        assertThat(scene.chunk(2, 3, "def")).containsExactly("append def");
    }

    @Test
    void anOlderConnectionIsRefused() {
        scene.start(7);
        scene.opened();
        assertThat(scene.start(6)).containsExactly("close 6 SUPERSEDED");
        assertThat(scene.chunk(7, 0, "abc")).containsExactly("append abc");
    }

    @Test
    void anOutageLongerThanAnyWindowEndsWhereItBegan() {
        scene.receiving("abc");
        scene.detach(1);
        assertThat(scene.pass(Duration.ofDays(7).minusMillis(1))).isEmpty();
        assertThat(scene.start(2)).containsExactly("→2 started at 3");
        assertThat(scene.chunk(2, 3, "def")).containsExactly("append def");
    }

    @Test
    void theSameSessionMayBeOrphanedTwice() {
        scene.receiving("abc");
        scene.detach(1);
        scene.start(2);
        scene.chunk(2, 3, "def");
        scene.detach(2);
        assertThat(scene.pass(FORCE_DELAY))
                .as("bytes of somebody who left become durable too")
                .containsExactly("force");
        assertThat(scene.forced(6)).isEmpty();
        scene.detach(2);
        assertThat(scene.start(3)).containsExactly("→3 started at 6");
        assertThat(scene.end(3, 6)).containsExactly("save 6");
    }

    @Test
    void anEndBeforeTheLastSliceIsRefusedWithTheOffset() {
        scene.receiving("abc");
        assertThat(scene.end(1, 6)).containsExactly("→1 offset_mismatch 3");
        scene.chunk(1, 3, "def");
        assertThat(scene.end(1, 6)).containsExactly("save 6");
    }

    @Test
    void anEndBelowWhatCameIsRefused() {
        scene.receiving("abc");
        assertThat(scene.end(1, 2)).containsExactly("→1 integrity_mismatch");
        assertThat(scene.session.phase()).isEqualTo(SessionPhase.RECEIVING);
    }

    @Test
    void savedIsSaidOnlyWhenTheStoreHasSavedAndRepeatedWithTheEnd() {
        scene.receiving("abc");
        assertThat(scene.end(1, 3)).containsExactly("save 3");
        assertThat(scene.end(1, 3)).as("it is on its way").isEmpty();
        assertThat(scene.kept(3)).containsExactly("published 3", "→1 saved 3");
        assertThat(scene.end(1, 3)).containsExactly("→1 saved 3");
        assertThat(scene.end(1, 4)).containsExactly("→1 integrity_mismatch");
        assertThat(scene.end(1, 3, "f".repeat(64))).containsExactly("→1 integrity_mismatch");
        assertThat(scene.session.durableBytes()).isEqualTo(3);
    }

    @Test
    void aLostSavedIsRepeatedToTheNextConnection() {
        scene.receiving("abc");
        scene.end(1, 3);
        scene.kept(3);
        assertThat(scene.start(2)).containsExactly("close 1 SUPERSEDED", "→2 started at 3");
        assertThat(scene.end(2, 3)).containsExactly("→2 saved 3");
        assertThat(scene.detach(2)).containsExactly("retire");
    }

    @Test
    void aRecordingIsSavedAlsoIfItsSenderLeavesMeanwhile() {
        scene.receiving("abc");
        scene.end(1, 3);
        scene.detach(1);
        assertThat(scene.kept(3)).containsExactly("published 3", "retire");
    }

    @Test
    void whoComesBackWhileItIsBeingSavedIsToldSo() {
        scene.receiving("abc");
        scene.end(1, 3);
        scene.detach(1);
        assertThat(scene.start(2)).as("where to continue is not known yet").isEmpty();
        assertThat(scene.kept(3)).containsExactly("published 3", "→2 started at 3");
        assertThat(scene.end(2, 3)).containsExactly("→2 saved 3");
    }

    @Test
    void whoComesBackWhileItIsBeingSavedInVainContinues() {
        scene.receiving("abc");
        scene.end(1, 3, SessionScene.SHA);
        scene.start(2);
        assertThat(scene.mismatched()).containsExactly("→2 started at 3");
        scene.chunk(2, 3, "de");
        scene.end(2, 5);
        scene.detach(2);
        scene.start(3);
        assertThat(scene.mismatched()).containsExactly("force");
        assertThat(scene.forced(5)).containsExactly("→3 started at 5");
        assertThat(scene.end(3, 5)).containsExactly("save 5");
        scene.start(4);
        scene.end(4, 5);
        assertThat(scene.mismatched()).containsExactly("→4 integrity_mismatch");
    }

    @Test
    void aSessionThatEndedBeforeIsAnsweredFromTheStore() {
        scene.start(1);
        assertThat(scene.foundFinished(3)).containsExactly("→1 started at 3");
        assertThat(scene.end(1, 3)).containsExactly("→1 saved 3");
    }

    @Test
    void aMachineOfASavedSessionDoesNotStayForEver() {
        scene.receiving("abc");
        scene.end(1, 3);
        scene.kept(3);
        assertThat(scene.pass(Duration.ofMinutes(2))).containsExactly("retire");
    }

    @Test
    void aHashThatDiffersIsToldAndNothingIsSavedOrLost() {
        scene.receiving("abc");
        scene.end(1, 3, SessionScene.SHA);
        assertThat(scene.mismatched()).containsExactly("→1 integrity_mismatch");
        assertThat(scene.detach(1)).isEmpty();
        assertThat(scene.session.phase()).isEqualTo(SessionPhase.ORPHANED);
    }

    @Test
    void aRepeatedStartIsAnsweredAgain() {
        scene.start(1);
        assertThat(scene.start(1)).as("the store's answer is for both").isEmpty();
        scene.opened();
        assertThat(scene.start(1)).containsExactly("→1 started at 0");
        scene.chunk(1, 0, "abc");
        assertThat(scene.start(1)).containsExactly("force");
        assertThat(scene.forced(3)).containsExactly("→1 started at 3");
    }

    @Test
    void anotherDeviceIsForbiddenAndChangesNothing() {
        scene.receiving("abc");
        assertThat(scene.startOf("thief", 2)).containsExactly("→2 forbidden");
        assertThat(scene.chunk(2, 3, "def")).isEmpty();
        assertThat(scene.chunk(1, 3, "def")).containsExactly("append def");
    }

    @Test
    void anotherDeviceIsForbiddenAlsoWhereOnlyTheStoreKnowsTheSession() {
        scene.startOf("thief", 1);
        assertThat(scene.reopened(3)).containsExactly("→1 forbidden", "retire");
        SessionScene ended = new SessionScene();
        ended.startOf("thief", 1);
        assertThat(ended.foundFinished(3)).containsExactly("→1 forbidden", "retire");
    }

    @Test
    void aGapIsReportedOnceUntilItIsClosed() {
        scene.receiving("abc");
        assertThat(scene.chunk(1, 5, "fg")).containsExactly("→1 offset_mismatch 3");
        assertThat(scene.chunk(1, 7, "hi"))
                .as("sent before the error could arrive")
                .isEmpty();
        assertThat(scene.chunk(1, 3, "de")).containsExactly("append de");
        assertThat(scene.chunk(1, 9, "j")).containsExactly("→1 offset_mismatch 5");
    }

    @Test
    void aCorruptChunkIsAskedForAgainAsOftenAsItComesDamaged() {
        scene.receiving("abc");
        assertThat(scene.corruptChunk(1, 3, "de")).containsExactly("→1 chunk_corrupt 3");
        assertThat(scene.chunk(1, 5, "fg")).isEmpty();
        assertThat(scene.corruptChunk(1, 3, "de")).containsExactly("→1 chunk_corrupt 3");
        assertThat(scene.corruptChunk(1, 5, "fg")).isEmpty();
        assertThat(scene.chunk(1, 3, "de")).containsExactly("append de");
    }

    @Test
    void anOverlapThatIsTheSameIsTrimmed() {
        scene.receiving("abc");
        assertThat(scene.chunk(1, 1, "bcde")).containsExactly("compare 1 bc", "append de");
        assertThat(scene.compared(true)).isEmpty();
        assertThat(scene.chunk(1, 0, "ab")).containsExactly("compare 0 ab");
        assertThat(scene.compared(true)).isEmpty();
    }

    /** Nothing behind bytes that differ is kept: their offsets are not to be believed either. */
    @Test
    void anOverlapThatDiffersIsToldOnceAndTakenBack() {
        scene.receiving("abc");
        scene.chunk(1, 1, "XXde");
        scene.chunk(1, 5, "fg");
        assertThat(scene.compared(false)).containsExactly("→1 content_conflict 3", "rewind");
        assertThat(scene.start(1)).as("the answer is on its way").isEmpty();
        assertThat(scene.chunk(1, 3, "de")).isEmpty();
        assertThat(scene.rewound(3)).containsExactly("→1 started at 3");
        assertThat(scene.chunk(1, 3, "de")).containsExactly("append de");
    }

    @Test
    void aConflictWhileItIsBeingSavedTakesTheSaveBack() {
        scene.receiving("abc");
        scene.chunk(1, 1, "XXde");
        assertThat(scene.end(1, 5)).containsExactly("save 5");
        assertThat(scene.compared(false)).containsExactly("→1 content_conflict 3", "rewind");
        assertThat(scene.rewound(3)).containsExactly("→1 started at 3");
    }

    @Test
    void aRecordingHasALongestLength() {
        scene.receiving("abc");
        assertThat(scene.chunk(1, 3, "x".repeat(998))).containsExactly("→1 too_large");
        assertThat(scene.chunk(1, 3, "x".repeat(997))).contains("force");
        SessionScene other = new SessionScene().receiving("");
        Chunk beyond = Chunk.of(Long.MAX_VALUE - 1, SessionScene.bytes("abc"));
        assertThat(other.give(new SessionInput.ChunkReceived(new OwnerId(1), beyond)))
                .containsExactly("→1 offset_mismatch 0");
    }

    @Test
    void whoeverWaitsForASlowDiskHearsOfUs() {
        scene.receiving("abc");
        scene.chunk(1, 3, "def");
        assertThat(scene.pass(Duration.ofSeconds(9))).containsExactly("force", "→1 progress 3", "→1 progress 3");
        scene.forced(6);
        assertThat(scene.pass(Duration.ofSeconds(9))).as("nothing is owed").isEmpty();
        scene.end(1, 6);
        assertThat(scene.pass(Duration.ofSeconds(5))).containsExactly("→1 progress 6");
    }

    @Test
    void earlyTicksAndTimeThatGoesBackwardsDoNothing() {
        scene.receiving("abc");
        scene.chunk(1, 3, "def");
        assertThat(scene.give(new SessionInput.Tick())).isEmpty();
        scene.now = scene.now.minusSeconds(3600);
        assertThat(scene.session.handle(new SessionInput.Tick(), scene.now)).isEmpty();
        scene.now = scene.now.plusSeconds(3600);
        assertThat(scene.pass(FORCE_DELAY)).containsExactly("force");
        assertThat(scene.give(new SessionInput.Tick())).isEmpty();
    }
}
