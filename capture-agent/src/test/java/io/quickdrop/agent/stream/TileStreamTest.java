package io.quickdrop.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.testing.Pictures;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.driver.agent.Capture.Batch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TileStreamTest {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 384;
    private static final long REST = TileStream.REST_MICROS;

    private final Pixels photograph = Pictures.photograph(WIDTH, HEIGHT);
    private final TileStream stream = new TileStream(WIDTH, HEIGHT);

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void theFirstPictureIsWholeAndTheSameAgainIsNothing() {
        assertThat(tiles(stream.next(photograph, 75, 0))).hasSize(15);
        assertThat(stream.next(photograph, 75, 100_000)).isEmpty();
    }

    @Test
    void whatRestsBecomesExactInSharesAndThenNothingIsSent() {
        stream.next(photograph, 75, 0);
        assertThat(stream.next(photograph, 75, REST - 1)).isEmpty();
        Set<Integer> refined = new HashSet<>();
        int shares = 0;
        while (!stream.isExact()) {
            List<Batch> batches = stream.next(photograph, 75, REST + shares);
            assertThat(batches).allSatisfy(batch -> {
                assertThat(batch.codec()).isEqualTo(PictureCodec.WEBP);
                assertThat(batch.quality()).isEqualTo(100);
            });
            for (Tile tile : tiles(batches)) {
                assertThat(refined.add(tile.x() + 10_000 * tile.y()))
                        .as("refined once")
                        .isTrue();
            }
            int bytes = tiles(batches).stream()
                    .mapToInt(tile -> tile.bytes().remaining())
                    .sum();
            assertThat(bytes).isBetween(1, TileStream.REST_BYTES + 64 * 1024);
            shares++;
        }
        assertThat(refined).hasSize(15);
        assertThat(shares).isGreaterThan(1);
        assertThat(stream.next(photograph, 75, 100 * REST)).isEmpty();
    }

    @Test
    void aTileThatMovesAgainIsNotRefinedUntilItRests() {
        stream.next(photograph, 75, 0);
        photograph.bytes().putInt(photograph.offset(5, 5), 0x00ff00);
        List<Batch> moved = stream.next(photograph, 75, REST);
        assertThat(moved.get(0).codec()).isEqualTo(PictureCodec.JPEG);
        assertThat(tiles(moved).get(0).x() + tiles(moved).get(0).y()).isZero();
        long later = REST + 1;
        while (true) {
            List<Batch> next = stream.next(photograph, 75, later++);
            if (next.isEmpty()) {
                break;
            }
            assertThat(tiles(next)).noneMatch(tile -> tile.x() == 0 && tile.y() == 0);
        }
        assertThat(stream.isExact()).isFalse();
        assertThat(tiles(stream.next(photograph, 75, 2 * REST)))
                .singleElement()
                .satisfies(tile -> assertThat(tile.x() + tile.y()).isZero());
        assertThat(stream.isExact()).isTrue();
    }

    @Test
    void muchMotionLeavesNoRoomForRefining() {
        stream.next(photograph, 75, 0);
        for (int y = 0; y < HEIGHT; y += 2) {
            for (int x = 0; x < WIDTH / 2; x++) {
                photograph.bytes().putInt(photograph.offset(x, y), x * 0x123457 ^ y * 0x654321);
            }
        }
        assertThat(stream.next(photograph, 75, 2 * REST))
                .allSatisfy(batch -> assertThat(batch.quality()).isEqualTo(75));
    }

    @Test
    void textIsExactFromTheStart() {
        Pixels text = Pictures.text(WIDTH, HEIGHT);
        assertThat(stream.next(text, 75, 0)).singleElement().satisfies(batch -> assertThat(batch.quality())
                .isEqualTo(100));
        assertThat(stream.isExact()).isTrue();
    }

    @Test
    void startingOverSendsEverythingAgain() {
        stream.next(photograph, 75, 0);
        stream.startOver();
        assertThat(tiles(stream.next(photograph, 75, 1))).hasSize(15);
    }

    private static List<Tile> tiles(List<Batch> batches) {
        return batches.stream().flatMap(batch -> batch.tiles().stream()).toList();
    }
}
