package io.quickdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.picture.Poster;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture of a take is one that shows something, small and upright. */
final class PosterTest {
    private static final int TYPE_BYTES = 4;
    private static final int MATRIX_AT = 40;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aDarkBeginningIsPassedOver() throws Exception {
        Path film = Films.pictures(
                folder.resolve("in.webm"),
                3,
                "testsrc=size=1280x720:rate=30,fade=in:st=1:d=0.5:color=black",
                Films.WEBM);

        BufferedImage picture = poster(film);

        assertThat(picture.getWidth()).isEqualTo(640);
        assertThat(picture.getHeight()).isEqualTo(360);
        assertThat(brightness(picture)).isGreaterThan(28);
    }

    @Test
    void aPhoneThatWasHeldUprightGivesAnUprightPicture() throws Exception {
        Path lying = Films.film(folder.resolve("lying.mp4"), 1, "320x180", Films.MP4);
        Path upright = Files.write(folder.resolve("upright.mp4"), turned(Files.readAllBytes(lying)));
        Path asPlayed = folder.resolve("as-played.png");
        Films.run(List.of(
                "ffmpeg", "-v", "error", "-y", "-i", upright.toString(), "-frames:v", "1", asPlayed.toString()));

        BufferedImage picture = poster(upright);
        BufferedImage truth = ImageIO.read(asPlayed.toFile());

        assertThat(picture.getWidth()).isEqualTo(truth.getWidth()).isEqualTo(180);
        assertThat(difference(picture, truth))
                .as("mean difference of brightness, turned the right way")
                .isLessThan(12);
    }

    @Test
    void aTakeOfSoundAloneHasNone() {
        Path film =
                Films.film(folder.resolve("in.webm"), 1, "320x180", List.of("-vn", "-c:a", "libopus", "-f", "webm"));

        assertThatThrownBy(() -> Poster.run(film, folder.resolve("out.jpg")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("sound alone");
    }

    /** Says in the head of the picture's track that it is to be turned by a quarter (ISO/IEC 14496-12, 8.3.2). */
    private static byte[] turned(byte[] mp4) {
        int head = new String(mp4, StandardCharsets.ISO_8859_1).indexOf("tkhd");
        int[] matrix = {0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000};
        ByteBuffer place = ByteBuffer.wrap(mp4).position(head + TYPE_BYTES + MATRIX_AT);
        for (int value : matrix) {
            place.putInt(value);
        }
        return mp4;
    }

    private BufferedImage poster(Path film) throws Exception {
        Path out = folder.resolve("out.jpg");
        Poster.run(film, out);
        assertThat(Files.size(out)).isLessThan(200_000);
        return ImageIO.read(out.toFile());
    }

    private static double brightness(BufferedImage picture) {
        double sum = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                sum += luma(picture.getRGB(x, y));
            }
        }
        return sum / picture.getWidth() / picture.getHeight();
    }

    private static double difference(BufferedImage one, BufferedImage other) {
        double sum = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                sum += Math.abs(luma(one.getRGB(x, y)) - luma(other.getRGB(x, y)));
            }
        }
        return sum / one.getWidth() / one.getHeight();
    }

    private static double luma(int rgb) {
        return 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
    }
}
