package io.quickdrop.system.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ruler by which pictures are judged. */
final class SsimTest {
    @Test
    void equalPicturesAreOne() {
        Picture noise = noise(1);
        assertThat(Ssim.of(noise, noise.copy())).isEqualTo(1);
    }

    @Test
    void twoFlatGreysDifferByTheirBrightnessAlone() {
        // (2·100·120 + C1) / (100² + 120² + C1), computed by hand from the paper's formula
        assertThat(Ssim.of(flat(100), flat(120))).isCloseTo((24_000 + 6.5025) / (24_400 + 6.5025), within(1e-12));
    }

    @Test
    void aNegativeIsTheOppositeInStructure() {
        Picture stripes = new Picture(64, 64);
        Picture negative = new Picture(64, 64);
        for (int i = 0; i < stripes.pixels().length; i++) {
            boolean white = i % 64 / 2 % 2 == 0;
            stripes.pixels()[i] = white ? 0xffffff : 0;
            negative.pixels()[i] = white ? 0 : 0xffffff;
        }
        // Equal means, covariance = −variance = −64·127.5²/63: almost −1
        double variance = 64 * 127.5 * 127.5 / 63;
        assertThat(Ssim.of(stripes, negative))
                .isCloseTo((-2 * variance + 58.5225) / (2 * variance + 58.5225), within(1e-9));
    }

    @Test
    void unrelatedNoiseIsNearNothing() {
        assertThat(Ssim.of(noise(1), noise(2))).isBetween(-0.05, 0.05);
    }

    @Test
    void aLineOfTextThatIsMissingCostsMoreThanTheThresholdOfTheTests() {
        Picture page = new Picture(320, 240);
        Random random = new Random(3);
        for (int y = 10; y < 230; y++) {
            for (int x = 10; x < 310; x++) {
                page.pixels()[y * 320 + x] = y % 13 < 9 && random.nextInt(3) == 0 ? 0xe0e0e0 : 0x101010;
            }
        }
        Picture blank = page.copy();
        for (int y = 100; y < 126; y++) {
            for (int x = 0; x < 320; x++) {
                blank.pixels()[y * 320 + x] = 0x101010;
            }
        }
        assertThat(Ssim.of(page, blank)).isLessThan(0.95);
    }

    @Test
    void whatIsFlatCanBeLeftOut() {
        Picture truth = new Picture(128, 96);
        Picture noise = noise(5);
        truth.put(noise.part(0, 0, 32, 32), 0, 0);
        Picture blank = new Picture(128, 96);
        assertThat(Ssim.of(blank, truth)).isGreaterThan(0.8);
        assertThat(Ssim.ofContent(blank, truth)).isLessThan(0.1);
        assertThat(Ssim.ofContent(truth, truth)).isEqualTo(1);
    }

    private static Picture flat(int grey) {
        Picture picture = new Picture(32, 24);
        java.util.Arrays.fill(picture.pixels(), grey * 0x010101);
        return picture;
    }

    private static Picture noise(long seed) {
        Picture picture = new Picture(128, 96);
        Random random = new Random(seed);
        for (int i = 0; i < picture.pixels().length; i++) {
            picture.pixels()[i] = random.nextInt(256) * 0x010101;
        }
        return picture;
    }
}
