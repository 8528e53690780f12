package io.quickdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.media.container.Join;
import io.quickdrop.media.order.PartGap;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts become one file that plays through, with a chapter for each. */
final class JoinTest {
    private static final List<PartGap> GAPS = PartGap.parse("0:,1200:flip");

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"webm", "mp4"})
    void everyPictureOfBothSizesIsDecodedFromOneStream(String ending) throws Exception {
        Path one = Films.film(folder.resolve("one." + ending), 3, "320x180", encoders(ending));
        Path other = Films.film(folder.resolve("other." + ending), 2, "180x320", encoders(ending));
        Path out = folder.resolve("out." + ending);

        Report report = Join.run(out, List.of(one, other), GAPS, share -> {});

        assertThat(report.durationMs()).isBetween(4_900L, 5_300L);
        List<String> sizes = Films.probe(out, "-select_streams", "v", "-show_entries", "frame=width,height")
                .lines()
                .map(line -> line.replaceFirst(",$", ""))
                .toList();
        assertThat(sizes.stream().filter("320,180"::equals)).hasSize(90);
        assertThat(sizes.stream().filter("180,320"::equals)).hasSize(60);
        assertThat(Films.probe(out, "-show_entries", "chapter_tags=title", "-show_chapters"))
                .contains("Part 1", "Part 2 (1.2 s missing: camera flipped)");
        Films.run(List.of("ffmpeg", "-v", "error", "-xerror", "-i", out.toString(), "-f", "null", "-"));
    }

    @Test
    void partsOfDifferentEncodersAreRefusedInWords() {
        Path one = Films.film(folder.resolve("one.webm"), 1, "320x180", Films.WEBM);
        Path other = Films.film(folder.resolve("other.mp4"), 1, "320x180", Films.MP4);

        assertThatThrownBy(() -> Join.run(folder.resolve("out"), List.of(one, other), GAPS, share -> {}))
                .isInstanceOf(Refusal.class)
                .hasMessage("part 1 is vp8, part 2 is h264: one file can't hold both");
    }

    private static List<String> encoders(String ending) {
        return ending.equals("mp4") ? Films.MP4 : Films.WEBM;
    }
}
