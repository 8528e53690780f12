package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a session comes to an end that is not {@code saved}, and how it survives a restart. */
class UploadSessionEndsTest {
    private static final Duration RETENTION = SessionScene.CONFIG.retention();

    private final SessionScene scene = new SessionScene();

    @Test
    void anAbortedRecordingIsThrownAway() {
        scene.receiving("abc");
        assertThat(scene.abort(1)).containsExactly("discard");
        assertThat(scene.abort(1)).isEmpty();
        assertThat(scene.discarded()).containsExactly("→1 aborted", "retire");
    }

    @Test
    void whoAbortedAndComesBackWhileItIsThrownAwayIsToldThat() {
        scene.receiving("abc");
        scene.abort(1);
        assertThat(scene.start(2)).containsExactly("close 1 SUPERSEDED");
        assertThat(scene.discarded()).containsExactly("→2 aborted", "retire");
    }

    @Test
    void anAbortBeforeTheRecordingIsOpenIsCarriedOutThen() {
        scene.start(1);
        assertThat(scene.abort(1)).isEmpty();
        assertThat(scene.opened()).containsExactly("discard");
        assertThat(scene.discarded()).containsExactly("→1 aborted", "retire");
    }

    @Test
    void anAbortWhileWaitingForAForceIsCarriedOut() {
        scene.receiving("");
        scene.chunk(1, 0, "abc");
        scene.start(2);
        assertThat(scene.abort(2)).containsExactly("discard");
        assertThat(scene.forced(3)).as("not worth a word any more").isEmpty();
        assertThat(scene.discarded()).containsExactly("→2 aborted", "retire");
    }

    @Test
    void anAbortThatCameTooLateIsAnsweredWithSaved() {
        scene.receiving("abc");
        scene.end(1, 3);
        assertThat(scene.abort(1)).as("what happens instead is on its way").isEmpty();
        scene.kept(3);
        assertThat(scene.abort(1)).containsExactly("→1 saved 3");
    }

    @Test
    void anAbortOfWhatWasSavedLongAgoIsAnsweredWithSaved() {
        scene.start(1);
        scene.foundFinished(3);
        assertThat(scene.abort(1)).containsExactly("→1 saved 3");
        SessionScene eager = new SessionScene();
        eager.start(1);
        eager.abort(1);
        assertThat(eager.foundFinished(3)).containsExactly("→1 started at 3", "→1 saved 3");
    }

    @Test
    void anAbortOnAFullDiskIsCarriedOutAndMendsTheStoreOnlyOnce() {
        scene.receiving("abc");
        scene.full();
        assertThat(scene.abort(1)).containsExactly("rewind");
        assertThat(scene.abort(1)).as("it is being tried").isEmpty();
        assertThat(scene.rewound(3)).containsExactly("discard");
        assertThat(scene.discarded()).containsExactly("→1 aborted", "retire");
    }

    @Test
    void anAbortThatFailsIsTriedAgain() {
        scene.receiving("abc");
        scene.abort(1);
        assertThat(scene.failed()).containsExactly("→1 storage_failed 3");
        assertThat(scene.pass(Duration.ofSeconds(2))).containsExactly("rewind");
        assertThat(scene.rewound(3)).containsExactly("discard");
    }

    @Test
    void aSessionWithoutAnOwnerExpiresToAPartialRecording() {
        scene.receiving("abc");
        scene.detach(1);
        assertThat(scene.pass(RETENTION)).containsExactly("keep partial");
        assertThat(scene.keptPartial(3)).containsExactly("published partial 3", "retire");
    }

    @Test
    void aSessionWithoutAByteExpiresToNothing() {
        scene.receiving("");
        scene.detach(1);
        assertThat(scene.pass(RETENTION)).containsExactly("discard");
        assertThat(scene.discarded()).containsExactly("retire");
    }

    @Test
    void whoComesBackWhileItIsBeingKeptPartialIsToldThatItIsOver() {
        scene.receiving("abc");
        scene.detach(1);
        scene.pass(RETENTION);
        assertThat(scene.start(2)).containsExactly("→2 session_unknown");
    }

    @Test
    void whoComesBackAfterItWasKeptPartialIsToldThatItIsOver() {
        scene.start(1);
        assertThat(scene.give(new SessionInput.FoundFinished("phone", SessionScene.recording(3, true))))
                .containsExactly("→1 session_unknown", "retire");
    }

    @Test
    void aRestartGoesOnAtTheDurableOffset() {
        assertThat(scene.restored(3, Duration.ofDays(1))).isEmpty();
        assertThat(scene.session.phase()).isEqualTo(SessionPhase.ORPHANED);
        assertThat(scene.start(1)).containsExactly("open");
        assertThat(scene.reopened(3)).containsExactly("→1 started at 3");
        assertThat(scene.chunk(1, 3, "def")).containsExactly("append def");
        assertThat(scene.session.chunks()).isEqualTo(4);
    }

    @Test
    void aRestartDoesNotStartTheRetentionAnew() {
        scene.restored(3, Duration.ofDays(6));
        assertThat(scene.pass(Duration.ofDays(1).minusSeconds(1))).isEmpty();
        assertThat(scene.pass(Duration.ofSeconds(1))).containsExactly("open", "keep partial");
        assertThat(scene.reopened(3)).isEmpty();
        assertThat(scene.keptPartial(3)).containsExactly("published partial 3", "retire");
    }

    @Test
    void aRestartedSessionBelongsToItsDevice() {
        scene.restored(3, Duration.ZERO);
        assertThat(scene.startOf("thief", 1)).containsExactly("→1 forbidden");
    }

    @Test
    void theOperatorMayKeepWhatCame() {
        scene.receiving("abc");
        assertThat(scene.keep()).containsExactly("keep partial");
        assertThat(scene.keep()).isEmpty();
        assertThat(scene.chunk(1, 3, "def")).isEmpty();
        assertThat(scene.keptPartial(3)).containsExactly("published partial 3", "→1 session_unknown", "retire");
    }

    @Test
    void theOperatorMayKeepNothingOfAnEmptySessionAndItsOwnerIsToldThatItIsOver() {
        scene.receiving("");
        assertThat(scene.keep()).containsExactly("discard");
        assertThat(scene.discarded()).containsExactly("→1 session_unknown", "retire");
    }

    @Test
    void theOperatorMayKeepWhatCameWhileItIsOpened() {
        scene.restored(3, Duration.ZERO);
        scene.start(1);
        assertThat(scene.keep()).isEmpty();
        assertThat(scene.reopened(3)).containsExactly("keep partial");
    }

    @Test
    void theOperatorMayKeepWhatCameOfABrokenDisk() {
        scene.receiving("abc");
        scene.failed();
        assertThat(scene.keep()).containsExactly("rewind");
        assertThat(scene.rewound(3)).containsExactly("keep partial");
    }

    @Test
    void keepingThatFailsIsTriedAgain() {
        scene.restored(3, Duration.ZERO);
        assertThat(scene.keep()).containsExactly("open", "keep partial");
        assertThat(scene.full()).isEmpty();
        assertThat(scene.pass(Duration.ofSeconds(2))).containsExactly("open");
        assertThat(scene.reopened(3)).containsExactly("keep partial");
        assertThat(scene.full()).isEmpty();
        assertThat(scene.pass(Duration.ofSeconds(2))).containsExactly("rewind");
        assertThat(scene.rewound(3)).containsExactly("keep partial");
    }
}
