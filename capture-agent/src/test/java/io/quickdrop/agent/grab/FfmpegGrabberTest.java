package io.quickdrop.agent.grab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.agent.encode.Chroma;
import io.quickdrop.agent.encode.JpegEncoder;
import io.quickdrop.agent.screens.Screen;
import io.quickdrop.agent.testing.Pictures;
import io.quickdrop.agent.testing.VirtualDisplay;
import io.quickdrop.agent.tiles.ChangeDetector;
import io.quickdrop.agent.tiles.TileGrid;
import io.quickdrop.agent.tiles.TileGrid.Area;
import java.awt.image.BufferedImage;
import java.util.BitSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FfmpegGrabberTest {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;

    private VirtualDisplay display;

    @BeforeEach
    void startDisplay() throws Exception {
        display = new VirtualDisplay(WIDTH, HEIGHT);
    }

    @AfterEach
    void stopDisplay() {
        display.close();
    }

    @SuppressWarnings("NullAway.Init")
    FfmpegGrabberTest() {}

    private Grabber open(int x, int y, int width, int height) throws GrabFailedException {
        return new Grabbers(true, display.name()).open(new Screen(0, "test", x, y, width, height, true));
    }

    @Test
    void everyPixelIsTheOneOnTheScreen() throws Exception {
        paint(0, 0, WIDTH, HEIGHT, 1);
        try (Grabber grabber = open(0, 0, WIDTH, HEIGHT)) {
            assertThat(grabber.name()).isEqualTo("x11grab");
            Pixels pixels = grabber.grab();
            assertThat(pixels.width()).isEqualTo(WIDTH);
            assertThat(pixels.height()).isEqualTo(HEIGHT);
            assertSame(pixels, 0, 0);
        }
    }

    @Test
    void aMonitorBesideAnotherIsReadFromItsOwnCorner() throws Exception {
        paint(0, 0, WIDTH, HEIGHT, 5);
        try (Grabber right = open(320, 40, 320, 200)) {
            assertSame(right.grab(), 320, 40);
        }
    }

    @Test
    void eachPictureShowsTheScreenOfItsMomentAlsoAfterARest() throws Exception {
        try (Grabber grabber = open(0, 0, WIDTH, HEIGHT)) {
            for (int round = 1; round < 20; round++) {
                paint(0, 0, WIDTH, HEIGHT, round);
                assertSame(grabber.grab(), 0, 0);
            }
        }
    }

    @Test
    void aChangeOnTheScreenBecomesTheJpegOfItsTile() throws Exception {
        TileGrid grid = new TileGrid(WIDTH, HEIGHT, 128);
        ChangeDetector detector = new ChangeDetector(grid);
        try (Grabber grabber = open(0, 0, WIDTH, HEIGHT);
                JpegEncoder encoder = new JpegEncoder(128, 104, Chroma.FULL)) {
            Pixels before = grabber.grab();
            assertThat(detector.changed(before).cardinality()).isEqualTo(grid.count());
            for (int tile = 0; tile < grid.count(); tile++) {
                detector.accept(before, tile);
            }
            assertThat(detector.changed(grabber.grab()).isEmpty()).isTrue();

            for (int y = 260; y < 350; y++) {
                for (int x = 390; x < 500; x++) {
                    display.draw(x, y, x % 64 * 0x030201 + y / 2);
                }
            }
            Pixels after = grabber.grab();
            BitSet changed = detector.changed(after);
            assertThat(changed.stream()).containsExactly(13);
            Area area = grid.area(13);
            BufferedImage decoded = Pictures.decode(encoder.encode(after, area.x(), area.y(), 90));
            assertThat(Pictures.psnr(after, area.x(), area.y(), decoded)).isGreaterThan(32);
        }
    }

    @Test
    void aScreenThatIsNotThereIsASentence() {
        Screen beyond = new Screen(0, "HDMI-7", 5_000, 0, 640, 360, true);
        assertThatThrownBy(() -> new Grabbers(true, display.name()).open(beyond))
                .isInstanceOf(GrabFailedException.class)
                .hasMessageContaining("HDMI-7");
        assertThatThrownBy(() -> new Grabbers(true, ":4711").open(beyond)).isInstanceOf(GrabFailedException.class);
    }

    @Test
    void aScreenThatShrinksFailsAndANewGrabberReadsItsNewSize() throws Exception {
        try (Grabber grabber = open(0, 0, WIDTH, HEIGHT)) {
            grabber.grab();
            display.resize(320, 200);
            assertThatThrownBy(grabber::grab).isInstanceOf(GrabFailedException.class);
        }
        try (Grabber grabber = open(0, 0, 320, 200)) {
            assertThat(grabber.grab().width()).isEqualTo(320);
        }
    }

    private void paint(int x0, int y0, int width, int height, int seed) {
        for (int y = y0; y < y0 + height; y++) {
            for (int x = x0; x < x0 + width; x++) {
                display.draw(x, y, (x * 7 + y * 131 + seed * 0x51_3f21) & 0xffffff);
            }
        }
    }

    private void assertSame(Pixels pixels, int x0, int y0) {
        for (int y = 0; y < pixels.height(); y++) {
            for (int x = 0; x < pixels.width(); x++) {
                if (pixels.rgb(x, y) != display.rgb(x0 + x, y0 + y)) {
                    assertThat(pixels.rgb(x, y)).as("pixel %d, %d", x, y).isEqualTo(display.rgb(x0 + x, y0 + y));
                }
            }
        }
    }
}
