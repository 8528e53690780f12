package io.quickdrop.relay.sim.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quickdrop.relay.desktop.AlteredRooms;
import org.junit.jupiter.api.Test;

/** Whether the simulation would notice: each protection, switched off, has to turn it red. */
class DesktopMutantsTest {
    private static final int ROOMS = 400;

    @Test
    void whatIsInFlightMustExpire() {
        assertRed("does not show the newest|was sent old", AlteredRooms::withoutExpiry);
    }

    @Test
    void bytesInFlightMustHaveAWindow() {
        assertRed("bytes waiting", AlteredRooms::withoutWindow);
    }

    @Test
    void batchesInFlightMustBeBounded() {
        assertRed("batches in flight", AlteredRooms::withoutBoundOnBatches);
    }

    @Test
    void theSocketMustBeLookedAt() {
        assertRed("bytes waiting", AlteredRooms::blindToTheSocket);
    }

    @Test
    void aNewEpochMustClearWhatIsInFlight() {
        assertRed("first picture of the epoch", AlteredRooms::thatKeepsOldEpochs);
    }

    @Test
    void aHiddenPageMustBeSentNothing() {
        assertRed("is hidden", AlteredRooms::thatSendsToHiddenPages);
    }

    @Test
    void theNewestMustComeFirst() {
        assertRed("old tiles", AlteredRooms::oldestFirst);
    }

    @Test
    void whatChangedOnceMustNotStarve() {
        assertRed("while one waited", AlteredRooms::newestOnly);
    }

    private static void assertRed(String promise, DesktopWorld.Alteration mutant) {
        for (long seed = 1; seed <= ROOMS; seed++) {
            try {
                new DesktopWorld(seed, mutant).run();
            } catch (AssertionError red) {
                assertThat(red).hasMessageContaining("seed " + seed);
                assertThat(String.valueOf(red.getCause())).containsPattern(promise);
                return;
            }
        }
        fail("the simulation stayed green in " + ROOMS + " rooms");
    }
}
