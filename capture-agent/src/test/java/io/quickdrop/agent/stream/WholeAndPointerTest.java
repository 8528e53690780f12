package io.quickdrop.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.agent.encode.Chroma;
import io.quickdrop.agent.encode.PngFile;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.screens.Screen;
import io.quickdrop.agent.testing.Pictures;
import io.quickdrop.relay.driver.agent.Capture.Batch;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WholeAndPointerTest {
    private final Pixels picture = Pictures.photograph(640, 400);

    @Test
    void aThumbnailIsSmallAndMadeOnlyWhenSomethingChanged() throws Exception {
        try (WholeStream stream = new WholeStream(640, 400, WholeStream.THUMBNAIL_WIDTH, Chroma.QUARTER)) {
            Batch first = stream.next(picture, 100).orElseThrow();
            assertThat(first.quality()).isLessThan(100); // a JPEG is never exact
            BufferedImage decoded = Pictures.decode(first.tiles().get(0).bytes());
            assertThat(decoded.getWidth()).isEqualTo(320);
            assertThat(decoded.getHeight()).isEqualTo(200);
            assertThat(stream.next(picture, 75)).isEmpty();
            picture.bytes().putInt(picture.offset(639, 399), 0);
            assertThat(stream.next(picture, 75)).isPresent();
            stream.startOver();
            assertThat(stream.next(picture, 75)).isPresent();
        }
    }

    @Test
    void aWholePictureHasTheSizeOfTheScreen() throws Exception {
        try (WholeStream stream = new WholeStream(640, 400, Integer.MAX_VALUE, Chroma.QUARTER)) {
            BufferedImage decoded = Pictures.decode(
                    stream.next(picture, 90).orElseThrow().tiles().get(0).bytes());
            assertThat(Pictures.psnr(picture, 0, 0, decoded)).isGreaterThan(35);
        }
    }

    @Test
    void aScreenshotIsEveryPixel() throws Exception {
        assertThat(Pictures.psnr(picture, 0, 0, Pictures.decode(PngFile.of(picture))))
                .isInfinite();
    }

    @Test
    void thePointerIsDrawnWhereItIsAndOnlyOnItsOwnScreen() {
        Screen right = new Screen(1, "right", 1000, 50, 640, 400, false);
        assertThat(new Pointer(() -> Optional.of(new Point(1100, 150))).draw(picture, right))
                .isTrue();
        assertThat(picture.rgb(100, 100)).isZero();
        assertThat(picture.rgb(101, 103)).isEqualTo(0xffffff);
        int before = picture.rgb(10, 10);
        assertThat(new Pointer(() -> Optional.of(new Point(10, 10))).draw(picture, right))
                .isFalse();
        assertThat(new Pointer(Optional::empty).draw(picture, right)).isFalse();
        assertThat(picture.rgb(10, 10)).isEqualTo(before);
        assertThat(new Pointer(() -> Optional.of(new Point(1639, 449))).draw(picture, right))
                .as("cut at the corner")
                .isTrue();
        assertThat(picture.rgb(639, 399)).isZero();
    }
}
