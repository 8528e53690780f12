package io.quickdrop.agent.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.agent.encode.LosslessEncoder.Method;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.testing.Pictures;
import io.quickdrop.agent.tiles.TileContent;
import io.quickdrop.agent.tiles.TileGrid.Area;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EncodersTest {
    private final TileContent content = new TileContent();

    @BeforeAll
    static void silence() {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    @Test
    void aJpegShowsItsPartOfThePicture() throws Exception {
        Pixels picture = Pictures.photograph(500, 300);
        try (JpegEncoder encoder = new JpegEncoder(128, 96, Chroma.QUARTER)) {
            BufferedImage decoded = Pictures.decode(encoder.encode(picture, 301, 77, 90));
            assertThat(decoded.getWidth()).isEqualTo(128);
            assertThat(decoded.getHeight()).isEqualTo(96);
            assertThat(Pictures.psnr(picture, 301, 77, decoded)).isGreaterThan(36);
            assertThat(Pictures.psnr(picture, 297, 77, decoded)).isLessThan(33);
        }
    }

    @Test
    void fullChromaKeepsColouredTextThatQuarterChromaBlurs() throws Exception {
        Pixels text = Pictures.text(256, 256);
        try (JpegEncoder full = new JpegEncoder(128, 128, Chroma.FULL);
                JpegEncoder quarter = new JpegEncoder(128, 128, Chroma.QUARTER)) {
            double sharp = Pictures.psnr(text, 64, 64, Pictures.decode(full.encode(text, 64, 64, 80)));
            double blurred = Pictures.psnr(text, 64, 64, Pictures.decode(quarter.encode(text, 64, 64, 80)));
            assertThat(sharp).isGreaterThan(29).isGreaterThan(blurred + 3);
        }
    }

    @Test
    void higherQualityIsNeverSmallerNorWorse() throws Exception {
        Pixels picture = Pictures.photograph(256, 256);
        try (JpegEncoder encoder = new JpegEncoder(256, 256, Chroma.FULL)) {
            int lastBytes = 0;
            double lastPsnr = 0;
            for (int quality : new int[] {1, 10, 30, 50, 75, 90, 99}) {
                ByteBuffer jpeg = encoder.encode(picture, 0, 0, quality);
                double psnr = Pictures.psnr(picture, 0, 0, Pictures.decode(jpeg));
                assertThat(jpeg.remaining()).as("bytes at %d", quality).isGreaterThanOrEqualTo(lastBytes);
                assertThat(psnr).as("PSNR at %d", quality).isGreaterThanOrEqualTo(lastPsnr - 0.05);
                lastBytes = jpeg.remaining();
                lastPsnr = psnr;
            }
            assertThat(lastPsnr).isGreaterThan(41);
        }
    }

    @Test
    void qualityOutsideOfItsRangeIsRefused() {
        assertThatThrownBy(() -> JpegQuality.qscale(0)).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> JpegQuality.qscale(101)).hasMessageContaining("1 to 100");
    }

    @Test
    void aSmallerJpegShowsTheWholePicture() throws Exception {
        Pixels picture = Pictures.photograph(640, 360);
        try (JpegEncoder encoder = new JpegEncoder(640, 360, 320, 180, Chroma.QUARTER)) {
            BufferedImage decoded = Pictures.decode(encoder.encode(picture, 0, 0, 80));
            assertThat(decoded.getWidth()).isEqualTo(320);
            for (int at = 20; at < 160; at += 20) {
                int expected = picture.rgb(2 * at, 2 * at) & 0xff;
                assertThat(decoded.getRGB(at, at) & 0xff).isBetween(expected - 16, expected + 16);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 127, 128})
    void losslessIsLossless(int size) throws Exception {
        for (Pixels picture : new Pixels[] {Pictures.text(300, 300), Pictures.photograph(300, 300)}) {
            content.read(picture, new Area(33, 45, size, size));
            for (Method method : Method.values()) {
                if (method == Method.PNG_PALETTE && !content.hasPalette()) {
                    continue;
                }
                try (LosslessEncoder encoder = new LosslessEncoder(size, size, method)) {
                    for (int round = 0; round < 3; round++) {
                        ByteBuffer bytes = encoder.encode(content);
                        BufferedImage decoded = method.codec() == io.quickdrop.protocol.PictureCodec.PNG
                                ? Pictures.decode(bytes)
                                : WebpDecoder.decode(bytes);
                        assertThat(Pictures.psnr(picture, 33, 45, decoded))
                                .as("%s of %d pixels", method, size)
                                .isInfinite();
                    }
                }
            }
        }
    }

    @Test
    void coloursAreCountedUpToAPalettesSize() {
        content.read(Pictures.photograph(128, 128), new Area(0, 0, 128, 128));
        assertThat(content.hasPalette()).isFalse();
        assertThat(content.repeatShare()).isLessThan(0.05);

        content.read(Pictures.text(128, 128), new Area(0, 0, 128, 128));
        assertThat(content.hasPalette()).isTrue();
        assertThat(content.repeatShare()).isGreaterThan(0.3);

        Pixels gradient = Pixels.allocate(257, 1);
        for (int x = 0; x < 257; x++) {
            gradient.bytes().putInt(4 * x, x * 0x010203);
        }
        content.read(gradient, new Area(0, 0, 256, 1));
        assertThat(content.colours()).isEqualTo(256);
        assertThat(content.hasPalette()).isTrue();
        content.read(gradient, new Area(0, 0, 257, 1));
        assertThat(content.hasPalette()).isFalse();
    }
}
