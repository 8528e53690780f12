package io.quickdrop.agent.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.testing.Pictures;
import io.quickdrop.agent.tiles.TileContent;
import io.quickdrop.agent.tiles.TileGrid.Area;
import io.quickdrop.protocol.PictureCodec;
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
            try (WebpEncoder encoder = new WebpEncoder(size, size, 3, 50)) {
                for (int round = 0; round < 3; round++) {
                    BufferedImage decoded = WebpDecoder.decode(encoder.encode(content));
                    assertThat(Pictures.psnr(picture, 33, 45, decoded)).isInfinite();
                }
            }
        }
    }

    @Test
    void coloursAreCountedUpToALimit() {
        content.read(Pictures.photograph(128, 128), new Area(0, 0, 128, 128));
        assertThat(content.colours()).isEqualTo(TileContent.MAX_COLOURS + 1);
        assertThat(content.repeatShare()).isLessThan(0.05);

        content.read(Pictures.text(128, 128), new Area(0, 0, 128, 128));
        assertThat(content.colours()).isEqualTo(3);
        assertThat(content.repeatShare()).isGreaterThan(0.5);

        Pixels gradient = Pixels.allocate(1025, 1);
        for (int x = 0; x < 1025; x++) {
            gradient.bytes().putInt(4 * x, x * 0x010203);
        }
        content.read(gradient, new Area(0, 0, 1024, 1));
        assertThat(content.colours()).isEqualTo(1024);
        content.read(gradient, new Area(0, 0, 1025, 1));
        assertThat(content.colours()).isEqualTo(1025);
    }

    @Test
    void textIsExactAtOnceAndAPhotographOnlyAtRest() throws Exception {
        Area area = new Area(64, 0, 128, 128);
        Pixels text = Pictures.text(256, 128);
        Pixels photograph = Pictures.photograph(256, 128);
        try (TileEncoder encoder = new TileEncoder()) {
            TileEncoder.Encoded drawn = encoder.inMotion(text, area, 75);
            assertThat(drawn.codec()).isEqualTo(PictureCodec.WEBP);
            assertThat(drawn.isExact()).isTrue();
            assertThat(Pictures.psnr(text, 64, 0, WebpDecoder.decode(drawn.bytes())))
                    .isInfinite();

            TileEncoder.Encoded moving = encoder.inMotion(photograph, area, 75);
            assertThat(moving.codec()).isEqualTo(PictureCodec.JPEG);
            assertThat(moving.isExact()).isFalse();
            assertThat(Pictures.psnr(photograph, 64, 0, Pictures.decode(moving.bytes())))
                    .isBetween(30.0, 60.0);

            TileEncoder.Encoded resting = encoder.atRest(photograph, area);
            assertThat(resting.isExact()).isTrue();
            assertThat(Pictures.psnr(photograph, 64, 0, WebpDecoder.decode(resting.bytes())))
                    .isInfinite();
            assertThat(encoder.inMotion(photograph, area, 100).isExact()).isTrue();
        }
    }
}
