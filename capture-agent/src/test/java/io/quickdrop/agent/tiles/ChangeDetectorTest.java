package io.quickdrop.agent.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.tiles.TileGrid.Area;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChangeDetectorTest {
    private static final TileGrid GRID = new TileGrid(1000, 500, 128);

    private final Pixels picture = Pixels.allocate(1000, 500);
    private final ChangeDetector detector = new ChangeDetector(GRID);

    @Test
    void theFirstPictureDiffersEverywhere() {
        assertThat(detector.changed(picture).cardinality()).isEqualTo(8 * 4);
        detector.accept(picture, 3);
        assertThat(detector.changed(picture).get(3)).isFalse();
        assertThat(detector.changed(picture).cardinality()).isEqualTo(8 * 4 - 1);
    }

    @Test
    void exactlyTheTilesThatDifferAreFound() {
        Random random = new Random(42);
        acceptAll();
        for (int round = 0; round < 300; round++) {
            BitSet expected = new BitSet();
            int changes = random.nextInt(12);
            for (int i = 0; i < changes; i++) {
                int x = random.nextInt(1000);
                int y = random.nextInt(500);
                int offset = picture.offset(x, y) + random.nextInt(3);
                picture.bytes().put(offset, (byte) (picture.bytes().get(offset) + 1));
                expected.set(y / 128 * 8 + x / 128);
            }
            assertThat(detector.changed(picture)).isEqualTo(expected);
            acceptAll();
        }
    }

    @Test
    void aChangeThatWasNotAcceptedIsFoundAgainAndOneThatWasTakenBackIsNot() {
        acceptAll();
        picture.bytes().putInt(picture.offset(999, 499), 0x123456);
        assertThat(detector.changed(picture).stream()).containsExactly(31);
        assertThat(detector.changed(picture).stream()).containsExactly(31);
        picture.bytes().putInt(picture.offset(999, 499), 0);
        assertThat(detector.changed(picture).isEmpty()).isTrue();
    }

    @Test
    void theUnusedByteOfAPixelMeansNothing() {
        acceptAll();
        for (int x = 0; x < 1000; x++) {
            picture.bytes().put(picture.offset(x, 250) + 3, (byte) 0xff);
        }
        assertThat(detector.changed(picture).isEmpty()).isTrue();
        picture.bytes().put(picture.offset(700, 250), (byte) 1);
        assertThat(detector.changed(picture).stream()).containsExactly(8 + 700 / 128);
    }

    @Test
    void rowsMayBeLongerThanThePicture() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(4100 * 500).order(ByteOrder.LITTLE_ENDIAN);
        Pixels padded = new Pixels(1000, 500, 4100, bytes);
        acceptAll();
        bytes.put(4100 * 200 + 4050, (byte) 9); // behind the row
        assertThat(detector.changed(padded).isEmpty()).isTrue();
        bytes.put(padded.offset(999, 200), (byte) 9);
        assertThat(detector.changed(padded).stream()).containsExactly(15);
    }

    @Test
    void whatIsAcceptedIsKnownPixelByPixel() {
        Random random = new Random(1);
        for (int i = 0; i < picture.bytes().capacity(); i++) {
            picture.bytes().put(i, (byte) random.nextInt());
        }
        acceptAll();
        for (int y = 0; y < 500; y++) {
            for (int x = 0; x < 1000; x++) {
                if (detector.known().rgb(x, y) != picture.rgb(x, y)) {
                    assertThat(detector.known().rgb(x, y)).isEqualTo(picture.rgb(x, y));
                }
            }
        }
    }

    @Test
    void forgettingMakesEveryTileDiffer() {
        acceptAll();
        detector.forget();
        assertThat(detector.changed(picture).cardinality()).isEqualTo(32);
    }

    @Test
    void aPictureOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> detector.changed(Pixels.allocate(999, 500)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("999 × 500");
    }

    @Test
    void tilesAtTheEdgesAreSmaller() {
        assertThat(GRID.area(0)).isEqualTo(new Area(0, 0, 128, 128));
        assertThat(GRID.area(31)).isEqualTo(new Area(896, 384, 104, 116));
    }

    private void acceptAll() {
        for (int tile = 0; tile < GRID.count(); tile++) {
            detector.accept(picture, tile);
        }
    }
}
