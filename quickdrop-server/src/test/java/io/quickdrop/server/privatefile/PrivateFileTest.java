package io.quickdrop.server.privatefile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
    private final Path directory;
    private final Path file;

    PrivateFileTest(@TempDir Path directory) {
        this.directory = directory;
        this.file = directory.resolve("key");
    }

    @Test
    void whatIsWrittenIsReadAndReplaced() throws IOException {
        PrivateFile.write(file, "one, the longer".getBytes(UTF_8));
        PrivateFile.write(file, "two".getBytes(UTF_8));

        assertThat(PrivateFile.read(file)).asString(UTF_8).isEqualTo("two");
        try (var left = Files.list(directory)) {
            assertThat(left).as("no temporary file").containsExactly(file);
        }
    }

    @Test
    void theRestOfACrashIsNoObstacle() throws IOException {
        Files.writeString(directory.resolve("key.new"), "half");
        PrivateFile.write(file, "whole".getBytes(UTF_8));

        assertThat(PrivateFile.read(file)).asString(UTF_8).isEqualTo("whole");
    }

    @Test
    void appendingKeepsWhatIsThere() throws IOException {
        for (String part : new String[] {"a", "b"}) {
            try (FileChannel channel = PrivateFile.openForAppend(file)) {
                channel.write(ByteBuffer.wrap(part.getBytes(UTF_8)));
            }
        }
        assertThat(file).hasContent("ab");
    }

    @Test
    void modesAreTheOwnersAloneAndLaxOnesAreRepaired() throws IOException {
        assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path inner = directory.resolve("a/b");
        PrivateFile.createDirectory(inner);
        assertThat(modes(inner)).isEqualTo("rwx------");
        PrivateFile.write(file, new byte[1]);
        assertThat(modes(file)).isEqualTo("rw-------");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        PrivateFile.read(file);
        assertThat(modes(file)).isEqualTo("rw-------");
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateFile.createDirectory(inner);
        assertThat(modes(inner)).isEqualTo("rwx------");
    }

    @Test
    void symbolicLinksAreNotFollowed() throws IOException {
        assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "untouched");
        Files.createSymbolicLink(file, elsewhere);

        assertThatThrownBy(() -> PrivateFile.read(file)).hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> PrivateFile.openForAppend(file)).isInstanceOf(IOException.class);
        PrivateFile.write(file, "new".getBytes(UTF_8));
        assertThat(elsewhere).hasContent("untouched");
        assertThat(file).hasContent("new");
    }

    @Test
    void aFileInTheWayOfADirectoryIsSaid() throws IOException {
        Files.writeString(file, "x");

        assertThatThrownBy(() -> PrivateFile.createDirectory(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    private static String modes(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
