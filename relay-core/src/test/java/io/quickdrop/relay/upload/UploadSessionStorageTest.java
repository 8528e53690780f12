package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a full or failing disk means to a peer. */
class UploadSessionStorageTest {
    private static final Duration RETRY = SessionScene.CONFIG.storageRetry();

    private final SessionScene scene = new SessionScene();

    @Test
    void aFullDiskAcknowledgesNothingKeepsTheSessionAndGoesOnByItself() {
        scene.receiving("abc");
        scene.chunk(1, 3, "0123456789");
        assertThat(scene.full()).containsExactly("→1 storage_full 3");
        assertThat(scene.chunk(1, 13, "more")).as("nothing is taken").isEmpty();
        assertThat(scene.end(1, 17)).containsExactly("→1 storage_full 3");
        assertThat(scene.pass(RETRY)).containsExactly("rewind");
        assertThat(scene.full()).as("no news").isEmpty();
        assertThat(scene.pass(RETRY)).contains("rewind");
        assertThat(scene.rewound(3)).containsExactly("→1 started at 3");
        assertThat(scene.chunk(1, 3, "0123456789")).containsExactly("append 0123456789", "force");
    }

    @Test
    void anotherKindOfTroubleIsNews() {
        scene.receiving("abc");
        assertThat(scene.full()).containsExactly("→1 storage_full 3");
        scene.pass(RETRY);
        assertThat(scene.failed()).containsExactly("→1 storage_failed 3");
    }

    @Test
    void aFailedForceGoesBackToWhatWasAcknowledged() {
        scene.receiving("abc");
        scene.chunk(1, 3, "0123456789");
        assertThat(scene.failed()).containsExactly("→1 storage_failed 3");
        scene.pass(RETRY);
        assertThat(scene.rewound(3)).containsExactly("→1 started at 3");
    }

    @Test
    void whoComesBackMeanwhileIsToldTheTrouble() {
        scene.receiving("abc");
        scene.full();
        scene.detach(1);
        assertThat(scene.start(2)).containsExactly("→2 storage_full 3");
        scene.pass(RETRY);
        assertThat(scene.rewound(3)).containsExactly("→2 started at 3");
    }

    @Test
    void troubleWithoutAnOwnerEndsInWaitingForOne() {
        scene.receiving("abc");
        scene.chunk(1, 3, "0123456789");
        scene.detach(1);
        assertThat(scene.full()).isEmpty();
        scene.pass(RETRY);
        assertThat(scene.rewound(3)).isEmpty();
        assertThat(scene.session.phase()).isEqualTo(SessionPhase.ORPHANED);
    }

    @Test
    void aDiskThatIsFullFromTheStartIsTriedAgainByOpening() {
        scene.start(1);
        assertThat(scene.full()).containsExactly("→1 storage_full");
        assertThat(scene.pass(RETRY)).containsExactly("open");
        assertThat(scene.pass(Duration.ofSeconds(9)))
                .as("how far it reaches is not known before it is open")
                .isEmpty();
        assertThat(scene.opened()).containsExactly("→1 started at 0");
    }

    @Test
    void aSessionFoundFinishedAfterTroubleIsAnsweredFromTheStore() {
        scene.start(1);
        scene.failed();
        scene.pass(RETRY);
        assertThat(scene.foundFinished(3)).containsExactly("→1 started at 3");
    }

    @Test
    void aSaveThatFailedGoesOnWhereItStands() {
        scene.receiving("abc");
        scene.chunk(1, 3, "def");
        scene.end(1, 6);
        assertThat(scene.failed()).containsExactly("→1 storage_failed 3");
        scene.pass(RETRY);
        assertThat(scene.rewound(6)).as("the save had come as far as forcing").containsExactly("→1 started at 6");
        assertThat(scene.end(1, 6)).containsExactly("save 6");
    }

    @Test
    void aStalledSessionShowsLife() {
        scene.receiving("abc");
        scene.full();
        scene.pass(RETRY);
        assertThat(scene.pass(Duration.ofSeconds(4))).containsExactly("→1 progress 3");
    }
}
