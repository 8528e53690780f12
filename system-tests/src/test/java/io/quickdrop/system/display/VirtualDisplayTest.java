package io.quickdrop.system.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The instruments themselves: what they show and read is so. */
final class VirtualDisplayTest {
    private static VirtualDisplay display;

    @BeforeAll
    static void open() {
        display = VirtualDisplay.of(640, 480, 2);
    }

    @AfterAll
    static void close() {
        display.close();
    }

    @Test
    void itHasTheMonitorsThatWereAskedFor() {
        assertThat(display.run("xrandr", "--listmonitors"))
                .contains("V-1 640/300x480/200+0+0", "V-2 640/300x480/200+640+0");
        assertThat(display.picture().width()).isEqualTo(1280);
    }

    @Test
    void theCounterIsReadFromTheGlassAndThroughABadJpeg() {
        try (CounterWindow counter = CounterWindow.on(display, 700, 100, 20)) {
            Set<Integer> seen = new TreeSet<>();
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        Picture glass = display.picture();
                        counter.read(glass).ifPresent(seen::add);
                        counter.read(throughJpeg(glass, 0.3f)).ifPresent(number -> assertThat(number)
                                .isEqualTo(counter.read(glass).orElse(-1)));
                        return seen.size() >= 20;
                    });
            assertThat(seen).allMatch(number -> counter.drawnMicros(number).isPresent());
            assertThat(counter.read(new Picture(1280, 480)))
                    .as("a black screen")
                    .isEmpty();
        }
    }

    @Test
    void everyNumberComesBackAndAMixtureOfTwoIsNone() {
        int mixtures = 0;
        int read = 0;
        for (int number = 1; number < 4_000; number++) {
            Picture whole = drawn(number);
            assertThat(BlockCode.read(whole, 0, 0)).hasValue(number);
            Picture mixed = drawn(number + 1);
            mixed.put(whole.part(0, 0, BlockCode.WIDTH, BlockCode.HEIGHT / 2), 0, 0);
            if (mixed.differences(whole) > 0 && mixed.differences(drawn(number + 1)) > 0) {
                mixtures++;
                read += BlockCode.read(mixed, 0, 0).isPresent() ? 1 : 0;
            }
        }
        assertThat(mixtures).isGreaterThan(1_000);
        assertThat(read).as("mixtures taken for numbers, of " + mixtures).isLessThan(mixtures / 500);
    }

    @Test
    void everyProgramMovesUntilItIsFrozenAndGoesOnAfterwards() {
        DesktopPrograms programs = new DesktopPrograms(display);
        for (Supplier<DesktopPrograms.Running> start : java.util.List.<Supplier<DesktopPrograms.Running>>of(
                () -> programs.scrollingText(10, 10),
                () -> programs.typing(10, 10),
                () -> programs.movingWindow(10, 10, 40),
                () -> programs.video(10, 10))) {
            try (DesktopPrograms.Running program = start.get()) {
                awaitMotion();
                program.freeze();
                Picture still = awaitRest();
                program.thaw();
                awaitMotion();
                assertThat(still.differences(new Picture(1280, 480))).isPositive();
            }
        }
    }

    private static void awaitMotion() {
        Picture before = display.picture();
        await().atMost(Duration.ofSeconds(10)).until(() -> display.picture().differences(before) > 0);
    }

    /** Nothing has moved for half a second. */
    private static Picture awaitRest() {
        Picture[] last = {display.picture()};
        int[] same = {0};
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    Picture now = display.picture();
                    same[0] = now.differences(last[0]) == 0 ? same[0] + 1 : 0;
                    last[0] = now;
                    return same[0] >= 10;
                });
        return last[0];
    }

    private static Picture drawn(int number) {
        Picture picture = new Picture(BlockCode.WIDTH, BlockCode.HEIGHT);
        java.util.Arrays.fill(picture.pixels(), 0xffffff);
        BlockCode.black(number)
                .forEach(area -> picture.put(new Picture(area.width(), area.height()), area.x(), area.y()));
        return picture;
    }

    private static Picture throughJpeg(Picture picture, float quality) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, picture.width(), picture.height(), picture.pixels(), 0, picture.width());
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(quality);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            writer.dispose();
        }
        return Picture.decode(bytes.toByteArray());
    }
}
