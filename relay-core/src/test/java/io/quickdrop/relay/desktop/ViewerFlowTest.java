package io.quickdrop.relay.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Tile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How one viewer is paced, seen from outside. */
class ViewerFlowTest {
    private static final int KIB = 1 << 10;

    private final RoomScene scene = new RoomScene();

    @BeforeEach
    void aViewerLooks() {
        scene.agent(1, 1);
        scene.viewer(1);
    }

    @Test
    void aJoinerHasTheWholePictureAtOnceWithoutDisturbingAnybody() {
        scene.whole(1_000);
        scene.settle(1);
        scene.sentTo(1);
        scene.viewer(2);
        assertThat(scene.placesTo(2)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(scene.sentTo(1)).isEmpty();
    }

    @Test
    void theWindowStartsAt16KiBInSeveralBatchesOfWhichTheLastPartIsFlagged() {
        scene.whole(8 * KIB);
        List<Frame> sent = scene.sentTo(1);
        assertThat(sent.stream().mapToInt(Frame::wireBytes).sum()).isBetween(16 * KIB, 25 * KIB);
        assertThat(sent).hasSize(2).allMatch(frame -> frame.header().has(FrameHeader.FLAG_LAST_PART));
        assertThat(sent.get(1).header().frameNumber())
                .isEqualTo(sent.get(0).header().frameNumber() + 1);
    }

    @Test
    void onAGoodWayTheWindowTriplesEachRoundTrip() {
        int[] bytes = new int[5];
        for (int i = 0; i < 5; i++) {
            scene.whole(100 * KIB);
            bytes[i] = scene.bytesTo(1);
            scene.pass(RoomScene.LINK);
            scene.paints(1);
            bytes[i] += scene.bytesTo(1);
        }
        assertThat(bytes[1]).isGreaterThan(2 * bytes[0]);
        assertThat(bytes[4])
                .as("all of 800 KiB, four round trips after the start")
                .isGreaterThan(800 * KIB);
    }

    @Test
    void framesThatAreHeldBackMakeTheWindowGrowThoughEachFitsIntoIt() {
        int inOneRoundTrip = 0;
        for (int i = 0; i < 6; i++) {
            inOneRoundTrip = 0;
            for (int film = 0; film < 8; film++) {
                scene.frame(
                        17 * KIB,
                        film); // faster than the acknowledgements, and each opening of the window takes it whole
                inOneRoundTrip += scene.placesTo(1).size();
            }
            scene.pass(RoomScene.LINK);
            scene.paints(1);
            scene.sentTo(1);
        }
        assertThat(inOneRoundTrip).as("frames of one round trip").isGreaterThan(4);
    }

    @Test
    void oneTileGoesEvenWhereTheWindowIsSmaller() {
        scene.frame(500 * KIB, 0);
        assertThat(scene.placesTo(1)).containsExactly(0);
        scene.frame(500 * KIB, 1);
        assertThat(scene.placesTo(1)).as("but not a second").isEmpty();
    }

    @Test
    void whatIsSupersededIsNeverSent() {
        scene.frame(20 * KIB, 0);
        scene.sentTo(1);
        for (int i = 0; i < 100; i++) {
            scene.frame(3 * KIB, 1);
        }
        scene.pass(RoomScene.LINK);
        scene.paints(1);
        assertThat(scene.placesTo(1)).containsExactly(1);
    }

    @Test
    void messagesAreAtMost64KiBAndOfOneCodec() {
        scene.whole(1_000);
        scene.settle(1);
        for (int i = 0; i < 8; i++) {
            scene.whole(100 * KIB);
            scene.settle(1);
        }
        scene.sentTo(1);
        scene.whole(30 * KIB);
        List<Frame> sent = scene.sentTo(1);
        assertThat(sent).hasSize(4).allMatch(frame -> frame.wireBytes() <= 64 * KIB);
        assertThat(sent.stream().map(frame -> frame.header().frameNumber()).distinct())
                .hasSize(1);
        assertThat(sent.get(0).header().has(FrameHeader.FLAG_LAST_PART)).isFalse();
        assertThat(sent.get(3).header().has(FrameHeader.FLAG_LAST_PART)).isTrue();
    }

    @Test
    void aLostAcknowledgementIsMadeGoodByTheNext() {
        scene.frame(8 * KIB, 0);
        scene.frame(8 * KIB, 1);
        scene.frame(8 * KIB, 2);
        scene.sentTo(1);
        scene.pass(RoomScene.LINK);
        scene.paints(1); // only the last one's
        assertThat(scene.placesTo(1)).containsExactly(2);
        scene.paints(1);
        scene.whole(1_000);
        assertThat(scene.placesTo(1)).hasSize(8);
    }

    @Test
    void acknowledgementsOfOtherEpochsAndOfNumbersNeverSentAndDoubledOnesAreHarmless() {
        scene.frame(17 * KIB, 0);
        scene.frame(17 * KIB, 1);
        assertThat(scene.placesTo(1)).containsExactly(0);
        scene.acks(1, 99, 1, false);
        scene.acks(1, 1, 12_345, false);
        scene.acks(1, 1, 0, false);
        assertThat(scene.placesTo(1)).isEmpty();
        scene.acks(1, 1, 1, false);
        assertThat(scene.placesTo(1)).containsExactly(1);
        scene.frame(200 * KIB, 2);
        assertThat(scene.placesTo(1)).containsExactly(2);
        scene.frame(17 * KIB, 3);
        scene.acks(1, 1, 1, false);
        scene.acks(1, 1, 1, false);
        assertThat(scene.placesTo(1)).as("still in flight").isEmpty();
    }

    @Test
    void aViewerThatNeverAcknowledgesHasStillsAndTheNewest() {
        scene.whole(1_000);
        scene.sentTo(1);
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            scene.frame(3 * KIB, i % 8);
            scene.passMillis(100);
            places.addAll(scene.placesTo(1));
        }
        assertThat(places).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void aFrozenViewerIsSentOneBatchASecondAndNothingWhileItsSocketIsFull() {
        for (int i = 0; i < 40; i++) {
            scene.whole(3 * KIB);
            scene.passMillis(100);
        }
        scene.sentTo(1);
        scene.passMillis(1_000);
        scene.whole(3 * KIB);
        scene.passMillis(1_000);
        assertThat(scene.sentTo(1).stream()
                        .map(frame -> frame.header().frameNumber())
                        .distinct())
                .as("stills, one a second")
                .hasSizeBetween(1, 2);
        scene.pending.put(1, 1L);
        scene.whole(3 * KIB);
        scene.passMillis(10_000);
        assertThat(scene.sentTo(1)).isEmpty();
        scene.pending.clear();
        scene.passMillis(1_000);
        assertThat(scene.sentTo(1)).isNotEmpty();
    }

    @Test
    void aFrozenViewerNextToAFastOneChangesNothingForThatOne() {
        RoomScene alone = new RoomScene();
        alone.agent(1, 1);
        alone.viewer(1);
        scene.viewer(2);
        for (int i = 0; i < 100; i++) {
            scene.whole(2 * KIB);
            alone.whole(2 * KIB);
            scene.settle(1);
            alone.settle(1);
            assertThat(scene.bytesTo(1)).isEqualTo(alone.bytesTo(1)).isPositive();
        }
    }

    @Test
    void aSocketThatIsFullIsLookedAtAgain() {
        scene.pending.put(1, 17L * KIB);
        scene.whole(100);
        assertThat(scene.sentTo(1)).isEmpty();
        scene.pending.clear();
        scene.passMillis(50);
        assertThat(scene.sentTo(1)).isNotEmpty();
    }

    @Test
    void whatIsInFlightIsAtMostTenBatches() {
        for (int i = 0; i < 30; i++) {
            scene.frame(10, i % 8);
            scene.passMillis(20);
        }
        assertThat(scene.sentTo(1)).hasSize(10);
        scene.paints(1);
        assertThat(scene.placesTo(1)).hasSize(8);
    }

    @Test
    void whereAFilmFillsTheWayWhatChangedOnceIsSentAllTheSame() {
        scene.whole(1_000);
        scene.settle(1);
        scene.frame(40 * KIB, 0); // fills the window
        scene.frame(1_000, 7); // a line of text
        Set<Integer> sent = new HashSet<>();
        for (int i = 0; i < 60 && !sent.contains(7); i++) {
            for (int film = 0; film < 6; film++) {
                scene.frame(40 * KIB, film);
            }
            scene.passMillis(400); // a narrow way
            scene.paints(1);
            sent.addAll(scene.placesTo(1));
        }
        assertThat(sent).contains(7);
    }

    @Test
    void aNewEpochSendsAllAgainAndOldAcknowledgementsFreeNothing() {
        scene.whole(1_000);
        scene.settle(1);
        scene.sentTo(1);
        scene.agent(2, 2);
        scene.whole(1_000);
        assertThat(scene.placesTo(1)).hasSize(8);
    }

    @Test
    void anotherScreenSizeIsToldAndSentWhole() {
        scene.whole(1_000);
        scene.settle(1);
        scene.sentTo(1);
        FrameHeader old = RoomScene.header(1, 2, FrameHeader.FLAG_KEY | FrameHeader.FLAG_LAST_PART, 0);
        FrameHeader header = new FrameHeader(old.codec(), old.flags(), 1, 1, 2, 0, 0, 0, 100, 50, 0, 75, 0, 7);
        Tile tile = new Tile(0, 0, 100, 50, java.nio.ByteBuffer.allocate(10));
        assertThat(scene.give(new RoomInput.FrameCame(new AgentId(1), new Frame(header, List.of(tile)))))
                .contains("viewer1 started 1:0 epoch 1 100x50");
        assertThat(scene.sentTo(1)).hasSize(1);
    }

    @Test
    void theBytesOfTilesAreSharedByAllViewers() {
        scene.viewer(2);
        scene.frame(1_000, 0);
        byte[] one = scene.sentTo(1).get(0).tiles().get(0).bytes().array();
        byte[] other = scene.sentTo(2).get(0).tiles().get(0).bytes().array();
        assertThat(one).isSameAs(other);
    }

    @Test
    void aStreamThatBeginsAnewIsNotFreedByAcknowledgementsOfTheOneBefore() {
        scene.frame(17 * KIB, 0);
        long before = scene.newestNumber.getOrDefault(1L, 0L);
        scene.viewer(1);
        scene.sentTo(1);
        scene.frame(17 * KIB, 1);
        scene.acks(1, 1, before, false);
        assertThat(scene.placesTo(1)).isEmpty();
    }
}
