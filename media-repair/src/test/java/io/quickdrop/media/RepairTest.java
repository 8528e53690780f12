package io.quickdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.media.container.Repair;
import io.quickdrop.media.container.Verification;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A repaired take holds the same packets, says how long it plays, and has its index in front. */
final class RepairTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"webm", "mp4"})
    void theCopyHasTheSamePacketsAndSaysItsDuration(String ending) throws Exception {
        Path in = Films.film(folder.resolve("in." + ending), 6, "320x180", encoders(ending));
        Path out = folder.resolve("out");

        Report repaired = Repair.run(in, out, share -> {});
        Report verified = Verification.run(in, out, share -> {});

        assertThat(Films.packets(out)).isNotEmpty().isEqualTo(Films.packets(in));
        assertThat(verified.durationMs()).isBetween(5_900L, 6_200L);
        assertThat(verified.streams()).extracting(Report.Stream::kind).containsExactly("video", "audio");
        assertThat(verified.streams().get(0).packets())
                .isEqualTo(repaired.streams().get(0).packets())
                .isEqualTo(180);
        assertThat(Double.parseDouble(Films.probe(out, "-show_entries", "format=duration")))
                .isBetween(5.9, 6.2);
        String bytes = Files.readString(out, StandardCharsets.ISO_8859_1);
        String index = ending.equals("mp4") ? "moov" : "\u001cS\u00bbk";
        String data = ending.equals("mp4") ? "mdat" : "\u001fC\u00b6u";
        assertThat(bytes.indexOf(data)).isPositive();
        assertThat(bytes.lastIndexOf(index, bytes.indexOf(data)))
                .as("the index in front of the data")
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"webm", "mp4"})
    void aTornTailIsLeftOutUpToTheLastWholePacket(String ending) throws Exception {
        byte[] whole = Files.readAllBytes(Films.film(folder.resolve("in." + ending), 6, "320x180", encoders(ending)));
        Path torn = Files.write(folder.resolve("torn"), Arrays.copyOf(whole, whole.length * 3 / 5 + 7));
        Path out = folder.resolve("out");

        Repair.run(torn, out, share -> {});
        Report verified = Verification.run(torn, out, share -> {});

        assertThat(verified.durationMs()).isBetween(2_000L, 5_000L);
        assertThat(Films.packets(out)).isNotEmpty();
    }

    @Test
    void aCopyThatLacksAPacketIsRefused() throws Exception {
        Path in = Films.film(folder.resolve("in.webm"), 4, "320x180", Films.WEBM);
        byte[] bytes = Files.readAllBytes(in);
        Path shorter = Files.write(folder.resolve("shorter"), Arrays.copyOf(bytes, bytes.length * 3 / 4));
        Path out = folder.resolve("out");
        Repair.run(shorter, out, share -> {});

        assertThatThrownBy(() -> Verification.run(in, out, share -> {}))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("differs");
    }

    @Test
    void aCopyThatSaysNoDurationIsRefused() {
        Path in = Films.film(folder.resolve("in.webm"), 2, "320x180", Films.WEBM);

        assertThatThrownBy(() -> Verification.run(in, in, share -> {}))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("does not say how long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n",
                "ffconcat version 1.0\nfile in.webm\n",
                "",
                "<html>"
            })
    void whatIsNoRecordingIsRefused(String content) throws Exception {
        Path in = Files.writeString(folder.resolve("in.webm"), content);

        assertThatThrownBy(() -> Repair.run(in, folder.resolve("out"), share -> {}))
                .isInstanceOf(Refusal.class);
    }

    private static List<String> encoders(String ending) {
        return ending.equals("mp4") ? Films.MP4 : Films.WEBM;
    }
}
