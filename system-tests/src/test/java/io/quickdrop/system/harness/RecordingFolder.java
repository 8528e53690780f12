package io.quickdrop.system.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a person finds in the output folder. */
public final class RecordingFolder {
    private RecordingFolder() {}

    /**
     * Every recording that should be there is, with exactly its bytes; and nothing else is, finished or begun.
     *
     * @param expected by file name, as {@code saved} told it
     */
    public static void assertRecordingsExactly(Path output, Map<String, SeededBytes> expected) {
        Map<String, String> hashes = new TreeMap<>();
        expected.forEach((name, bytes) -> hashes.put(name, bytes.length() + " bytes, " + bytes.sha256()));
        assertThat(found(output)).as("recordings in %s", output).isEqualTo(hashes);
        assertThat(names(output.resolve(".quickdrop").resolve("incoming")))
                .as("files of unfinished recordings")
                .isEmpty();
    }

    /** Names of the finished recordings. */
    public static java.util.Set<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".quickdrop"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> found(Path output) {
        Map<String, String> hashes = new TreeMap<>();
        for (String name : names(output)) {
            Path file = output.resolve(name);
            try {
                hashes.put(name, Files.size(file) + " bytes, " + SeededBytes.sha256(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return hashes;
    }
}
