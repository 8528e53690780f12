package io.quickdrop.relay.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Tile;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TileCacheTest {
    private final TileCache cache = new TileCache(10, 10_000);

    private static Frame frame(Tile... tiles) {
        return new Frame(RoomScene.header(1, 1, FrameHeader.FLAG_TILES, tiles.length), List.of(tiles));
    }

    @Test
    void aTileReplacesTheOneOfTheSamePlace() {
        cache.put(frame(RoomScene.tile(0, 100), RoomScene.tile(1, 100)), 0);
        long before = cache.lastVersion();
        cache.put(frame(RoomScene.tile(0, 50)), 0);
        assertThat(cache.tiles()).isEqualTo(2);
        assertThat(cache.bytes()).isEqualTo(150);
        assertThat(cache.lastVersion()).isGreaterThan(before);
        assertThat(cache.slots()).as("a place keeps its slot").isEqualTo(2);
    }

    @Test
    void aTileReplacesEveryTileThatItOverlaps() {
        cache.put(frame(RoomScene.tile(0, 100), RoomScene.tile(1, 100), RoomScene.tile(7, 100)), 0);
        cache.put(frame(new Tile(32, 32, 64, 64, ByteBuffer.allocate(10))), 0);
        assertThat(cache.tiles()).isEqualTo(2);
        cache.put(frame(RoomScene.tile(5, 100)), 0);
        assertThat(cache.tiles()).as("also where the newer one is on the grid").isEqualTo(2);
        assertThat(cache.bytes()).isEqualTo(200);
    }

    @Test
    void itIsWholeWhenEveryPixelHasATile() {
        cache.put(frame(new Tile(0, 0, RoomScene.WIDTH, RoomScene.HEIGHT, ByteBuffer.allocate(10))), 0);
        assertThat(cache.isWhole()).isTrue();
        cache.put(frame(RoomScene.tile(0, 100)), 0);
        assertThat(cache.isWhole()).as("the large one is gone").isFalse();
        for (int place = 1; place < 8; place++) {
            cache.put(frame(RoomScene.tile(place, 100)), 0);
        }
        assertThat(cache.isWhole()).isTrue();
    }

    @Test
    void anotherSizeOfTheScreenClears() {
        cache.put(frame(RoomScene.tile(0, 100)), 0);
        FrameHeader old = RoomScene.header(1, 2, FrameHeader.FLAG_TILES, 1);
        FrameHeader header = new FrameHeader(old.codec(), old.flags(), 1, 1, 2, 0, 0, 0, 640, 480, 0, 75, 1, 7);
        cache.put(new Frame(header, List.of(RoomScene.tile(1, 100))), 0);
        assertThat(cache.tiles()).isEqualTo(1);
        assertThat(cache.width()).isEqualTo(640);
    }

    @Test
    void tilesAndBytesAreBoundedAndARefusalSaysWhy() {
        assertThat(cache.put(frame(RoomScene.tile(0, 9_000)), 0)).isEmpty();
        assertThat(cache.put(frame(RoomScene.tile(1, 2_000)), 0))
                .contains("refused 1 of 1 tiles: kept are 1 of 9000 bytes; allowed are 10 of 10000 bytes");
        for (int i = 0; i < 12; i++) {
            cache.put(frame(new Tile(i, 0, 1, 1, ByteBuffer.allocate(1))), 0);
        }
        assertThat(cache.tiles()).isEqualTo(10);
    }

    @Test
    void aSmallTileDoesNotHoldTheMessageThatItCameIn() {
        ByteBuffer message = ByteBuffer.allocate(1_000);
        cache.put(frame(new Tile(0, 0, 64, 64, message.slice(100, 10))), 0);
        TileCache.Place place = cache.newest();
        assertThat(place).isNotNull();
        assertThat(place.tile.bytes().array()).hasSize(10);
        cache.put(frame(new Tile(64, 0, 64, 64, message.slice(100, 600))), 0);
        TileCache.Place large = cache.newest();
        assertThat(large).isNotNull();
        assertThat(large.tile.bytes().array()).as("a large one is not copied").isSameAs(message.array());
    }

    @Test
    void placesAreInTheOrderOfTheirVersions() {
        cache.put(frame(RoomScene.tile(0, 1), RoomScene.tile(1, 1), RoomScene.tile(2, 1)), 0);
        cache.put(frame(RoomScene.tile(1, 1)), 0);
        StringBuilder order = new StringBuilder();
        for (TileCache.Place place = cache.newest(); place != null; place = place.older()) {
            order.append(place.tile.x() / RoomScene.TILE);
        }
        assertThat(order).hasToString("120");
    }
}
