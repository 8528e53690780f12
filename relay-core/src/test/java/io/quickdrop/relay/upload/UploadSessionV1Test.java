package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is different for a peer of v1: its chunks say nothing of where they belong. */
class UploadSessionV1Test {
    private final SessionScene scene = new SessionScene();

    private SessionScene receiving(String text) {
        scene.startV1(1);
        scene.opened();
        scene.raw(1, text);
        return scene;
    }

    @Test
    void bytesMayComeBeforeTheAnswerToStart() {
        scene.startV1(1);
        assertThat(scene.raw(1, "abc")).containsExactly("append abc");
        assertThat(scene.opened()).containsExactly("→1 started at 0");
        assertThat(scene.raw(1, "def")).containsExactly("append def");
        assertThat(scene.end(1, 6)).containsExactly("save 6");
    }

    @Test
    void bytesBeforeTheAnswerLieBehindWhatTheStoreHas() {
        scene.restored(3, Duration.ZERO);
        scene.startV1(1);
        scene.raw(1, "def");
        assertThat(scene.reopened(3)).containsExactly("→1 started at 3");
        assertThat(scene.end(1, 6)).containsExactly("save 6");
    }

    /** Its client continues at the answer's offset, and has no other means to avoid doubling bytes. */
    @Test
    void aResumeIsAnsweredOnlyWhenAllThatIsWrittenIsDurable() {
        receiving("abc");
        assertThat(scene.startV1(2)).containsExactly("close 1 SUPERSEDED", "force");
        assertThat(scene.forced(3)).containsExactly("→2 started at 3");
    }

    /** The late bytes of the connection before came while the store was still being asked. */
    @Test
    void aResumeBehindAnotherConnectionsFirstBytesWaitsForThoseToo() {
        scene.startV1(1);
        scene.raw(1, "abc");
        assertThat(scene.startV1(2)).containsExactly("close 1 SUPERSEDED");
        assertThat(scene.opened()).containsExactly("force");
        assertThat(scene.forced(3)).containsExactly("→2 started at 3");
    }

    @Test
    void aSecondResumeBehindBytesOfTheFirstWaitsForThoseToo() {
        receiving("abc");
        assertThat(scene.startV1(2)).contains("force");
        scene.raw(2, "def");
        scene.startV1(3);
        assertThat(scene.forced(3)).containsExactly("force");
        assertThat(scene.forced(6)).containsExactly("→3 started at 6");
    }

    @Test
    void whoStreamsOnWithoutWaitingIsAnsweredToo() {
        receiving("abc");
        assertThat(scene.startV1(1)).containsExactly("force");
        assertThat(scene.raw(1, "def")).containsExactly("append def");
        assertThat(scene.forced(3)).contains("→1 started at 3");
        assertThat(scene.end(1, 6)).containsExactly("save 6");
    }

    @Test
    void anEndBeforeTheLastSliceIsAwaited() {
        receiving("abc");
        assertThat(scene.end(1, 6)).isEmpty();
        assertThat(scene.raw(1, "d")).containsExactly("append d");
        assertThat(scene.raw(1, "ef")).containsExactly("append ef", "save 6");
    }

    @Test
    void anEndIsAwaitedNoLongerThanItsPatience() {
        receiving("abc");
        scene.end(1, 6);
        assertThat(scene.pass(Duration.ofSeconds(20))).contains("→1 integrity_mismatch 3");
        assertThat(scene.raw(1, "def")).containsExactly("append def");
        assertThat(scene.session.phase()).isEqualTo(SessionPhase.RECEIVING);
    }

    @Test
    void anEndBeforeTheAnswerToStartIsAwaited() {
        scene.startV1(1);
        scene.raw(1, "abc");
        assertThat(scene.end(1, 3)).isEmpty();
        assertThat(scene.opened()).containsExactly("→1 started at 0", "save 3");
    }

    @Test
    void anEndIsCarriedOutAlsoIfItsSenderLeavesRightBehindIt() {
        scene.startV1(1);
        scene.raw(1, "abc");
        scene.end(1, 3);
        scene.detach(1);
        assertThat(scene.opened()).containsExactly("save 3");
        assertThat(scene.kept(3)).containsExactly("published 3", "retire");
    }

    @Test
    void anEndDuringAResumeIsCarriedOutAlsoIfItsSenderLeaves() {
        receiving("abc");
        scene.startV1(2);
        scene.end(2, 3);
        scene.detach(2);
        assertThat(scene.forced(3)).containsExactly("save 3");
    }

    @Test
    void anEndOfWhatWasSavedBeforeIsAnswered() {
        scene.startV1(1);
        scene.end(1, 3);
        assertThat(scene.foundFinished(3)).containsExactly("→1 started at 3", "→1 saved 3");
    }

    @Test
    void troubleWithTheDiskClosesBecauseOnlyANewStartIsExact() {
        receiving("abc");
        assertThat(scene.full()).containsExactly("close 1 TRY_AGAIN_LATER");
        assertThat(scene.startV1(2)).containsExactly("close 2 TRY_AGAIN_LATER");
        scene.pass(SessionScene.CONFIG.storageRetry());
        assertThat(scene.rewound(0)).isEmpty();
        assertThat(scene.startV1(3)).containsExactly("→3 started at 0");
    }

    @Test
    void aRecordingThatIsTooLongIsRefusedAndClosed() {
        receiving("abc");
        assertThat(scene.raw(1, "x".repeat(998))).containsExactly("→1 too_large", "close 1 POLICY");
        assertThat(scene.session.phase()).isEqualTo(SessionPhase.ORPHANED);
    }

    @Test
    void chunksAreCountedWhenTheyAreWhole() {
        receiving("abc");
        scene.give(new SessionInput.RawReceived(new OwnerId(1), SessionScene.bytes("de"), false));
        assertThat(scene.session.chunks()).isEqualTo(1);
        scene.give(new SessionInput.RawReceived(new OwnerId(1), SessionScene.bytes(""), true));
        assertThat(scene.session.chunks()).isEqualTo(2);
    }
}
