package io.quickdrop.server.playback;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file does to the child, the child ends within its limits and says so, or says nothing. */
final class HostileFilesTest {
    private static final int MUTANTS = Integer.getInteger("hostile.files", 12);

    @TempDir
    private Path folder = Path.of("");

    private int repaired;
    private int refused;
    private int died;

    @Test
    void damagedFilesAreRepairedOrRefusedWithinTheLimits() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("hostile files: seed " + seed);
        Random random = new Random(seed);
        byte[] webm = TestTakes.webm(folder, 2, 160, 90, 440);
        byte[] mp4 = TestTakes.mp4(folder, 2, 160, 90, 440);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = mutant(random, i % 2 == 0 ? webm : mp4);
            run("mutant " + i + ", seed " + seed, bytes);
        }

        System.out.println("hostile files: " + MUTANTS + " of seed " + seed + ": " + repaired + " repaired, " + refused
                + " refused, " + died + " broke the child");
        assertThat(repaired + refused + died).isEqualTo(MUTANTS);
    }

    @Test
    void hugeDeclaredSizesAreNoReasonToAskForMemory() throws Exception {
        // A WebM whose first block says that it is 64 TB long, and an MP4 whose sample table says four thousand million
        // entries.
        byte[] webm = TestTakes.webm(folder, 1, 160, 90, 440);
        int block = indexOf(webm, new byte[] {(byte) 0xA3});
        byte[] huge = Arrays.copyOf(webm, webm.length);
        Arrays.fill(huge, block + 1, block + 9, (byte) 0xFE);
        huge[block + 1] = 0x01;
        byte[] mp4 = TestTakes.mp4(folder, 1, 160, 90, 440);
        int table = indexOf(mp4, TestLaptop.text("stsz"));
        Arrays.fill(mp4, table + 8, table + 16, (byte) 0xFF);

        run("huge block", huge);
        run("huge table", mp4);

        assertThat(repaired + refused).as("ended in words").isEqualTo(2);
    }

    @Test
    void aChildThatTakesTooLongIsKilled() throws Exception {
        Path in = Files.write(folder.resolve("in"), TestTakes.webm(folder, 2, 160, 90, 440));
        MediaChild child = new MediaChild(folder);
        ChildLimits none = new ChildLimits(Duration.ZERO, 1, 1 << 20);

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> child.run(List.of("repair"), List.of(in, folder.resolve("out")), none, share -> {}))
                .isInstanceOf(MediaChild.Died.class)
                .hasMessageContaining("limits");
    }

    @Test
    void theLengthOfWhatItWritesIsLimited() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/prlimit"))) {
            System.out.println("NOT RUN: the limit of what a child writes, since this system has no prlimit");
            return;
        }
        Path in = Files.write(folder.resolve("in"), TestTakes.webm(folder, 4, 320, 180, 440));
        Path out = folder.resolve("out");
        ChildLimits little = new ChildLimits(Duration.ofMinutes(2), 60, 40_000);

        assertThat(outcome(in, out, little)).isNotEqualTo("repaired");
        assertThat(out.toFile().length()).isLessThanOrEqualTo(40_000);
    }

    private void run(String which, byte[] bytes) throws Exception {
        Path in = Files.write(folder.resolve("in"), bytes);
        Path out = folder.resolve("out");
        Files.deleteIfExists(out);
        String outcome = outcome(in, out, ChildLimits.copying(bytes.length));
        assertThat(outcome).as(which).isIn("repaired", "refused", "died");
        assertThat(in).as(which).hasBinaryContent(bytes);
        switch (outcome) {
            case "repaired" -> repaired++;
            case "refused" -> refused++;
            default -> died++;
        }
    }

    private String outcome(Path in, Path out, ChildLimits limits) throws Exception {
        MediaChild child = new MediaChild(folder);
        try {
            child.run(List.of("repair"), List.of(in, out), limits, share -> {});
            Report report = child.run(List.of("verify"), List.of(in, out), limits, share -> {});
            assertThat(report.durationMs()).isPositive();
            return "repaired";
        } catch (Refusal e) {
            return "refused";
        } catch (MediaChild.Died e) {
            return "died";
        }
    }

    private static byte[] mutant(Random random, byte[] whole) {
        byte[] bytes = Arrays.copyOf(whole, random.nextInt(4) == 0 ? 1 + random.nextInt(whole.length) : whole.length);
        int changes = 1 + random.nextInt(40);
        for (int i = 0; i < changes; i++) {
            // Half of the damage goes where the structure is.
            int reach = random.nextBoolean() ? Math.min(bytes.length, 600) : bytes.length;
            bytes[random.nextInt(reach)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 200; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
