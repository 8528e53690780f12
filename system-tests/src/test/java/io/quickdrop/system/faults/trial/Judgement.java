package io.quickdrop.system.faults.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What every row of the fault table ends in: every acknowledged byte is there, what was called saved is whole, no file
 * stands in the output folder that should not, and every upload completes once the fault is over. It looks at the disk
 * itself and asks the server nothing.
 */
public final class Judgement {
    private static final int PIECE_BYTES = 1 << 16;

    private final Path output;
    /** Of saved recordings whose bytes were compared once already; they are compared again at the end. */
    private final Set<String> compared = new HashSet<>();

    /** @param output the server's folder for recordings */
    public Judgement(Path output) {
        this.output = output;
    }

    /**
     * Judges what a dead server left behind, before another one can mend it.
     *
     * @param traffic the uploads, and what they were promised
     */
    public void whileDown(Traffic traffic) {
        traffic.collect();
        List<TestUpload> running = traffic.running();
        List<Path> candidates = new ArrayList<>(files(incoming()));
        for (Path file : files(output)) {
            String name = file.getFileName().toString();
            if (traffic.saved().containsKey(name)) {
                SeededBytes expected = traffic.saved().get(name);
                assertThat(size(file)).as("length of %s, which was saved", file).isEqualTo(expected.length());
                if (compared.add(name)) {
                    assertThat(startsWith(file, expected, expected.length()))
                            .as("whether %s, which was saved, is whole", file)
                            .isTrue();
                }
            } else {
                assertThat(running)
                        .as("uploads of which %s (%d bytes), which nobody was told of, is the whole", file, size(file))
                        .anyMatch(upload -> isWhole(file, upload.bytes()));
                candidates.add(file);
            }
        }
        assertThat(names(output))
                .as("what stands in %s", output)
                .containsAll(traffic.saved().keySet());
        for (TestUpload upload : running) {
            long promised = upload.acknowledged();
            assertThat(promised == 0
                            || candidates.stream().anyMatch(file -> startsWith(file, upload.bytes(), promised)))
                    .as(
                            "whether any of %s begins with the %d bytes acknowledged to %s",
                            candidates, promised, upload.id())
                    .isTrue();
        }
    }

    /** Waits for every upload to complete, and judges what a person finds. The server is up or ended in good order. */
    public void atTheEnd(Traffic traffic) {
        traffic.finishAll();
        RecordingFolder.assertRecordingsExactly(output, traffic.saved());
        assertThat(traffic.saved()).as("recordings saved").hasSize(traffic.begun());
        for (String room : List.of("lost", "trash")) {
            assertThat(names(output.resolve(".quickdrop").resolve(room)))
                    .as("what stands in %s", room)
                    .isEmpty();
        }
    }

    /** The file in which the server keeps what has come of the upload: the one that begins with its bytes. */
    public Optional<Path> partOf(TestUpload upload, long bytes) {
        return files(incoming()).stream()
                .filter(file -> startsWith(file, upload.bytes(), bytes))
                .findFirst();
    }

    private Path incoming() {
        return output.resolve(".quickdrop").resolve("incoming");
    }

    private static boolean isWhole(Path file, SeededBytes bytes) {
        return size(file) == bytes.length() && startsWith(file, bytes, bytes.length());
    }

    private static boolean startsWith(Path file, SeededBytes bytes, long count) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < count) {
                return false;
            }
            // Nearly every file of another upload differs in the first few bytes already.
            for (long at = 0, piece = Math.min(64, count);
                    at < count;
                    at += piece, piece = Math.min(PIECE_BYTES, count - at)) {
                ByteBuffer found = ByteBuffer.allocate((int) piece);
                while (found.hasRemaining()) {
                    if (channel.read(found, at + found.position()) < 0) {
                        return false;
                    }
                }
                if (!found.flip().equals(bytes.read(at, (int) piece))) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("a file can't be read: " + file, e);
        }
    }

    private static Set<String> names(Path folder) {
        return Files.isDirectory(folder) ? RecordingFolder.names(folder) : Set.of();
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().equals(".quickdrop"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
