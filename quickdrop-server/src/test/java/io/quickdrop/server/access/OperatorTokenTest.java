package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorTokenTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void itIsMadeOnceAndKept(@TempDir Path directory) throws IOException {
        OperatorToken first = OperatorToken.open(directory.resolve("data"), random);
        OperatorToken second = OperatorToken.open(directory.resolve("data"), random);

        assertThat(first.value()).matches("[A-Za-z0-9_-]{43}").isEqualTo(second.value());
        assertThat(first.toString()).doesNotContain(first.value());
    }

    @Test
    void itMatchesItselfAlone(@TempDir Path directory) throws IOException {
        OperatorToken token = OperatorToken.open(directory, random);

        assertThat(token.matches(token.value())).isTrue();
        assertThat(token.matches("")).isFalse();
        assertThat(token.matches(token.value().substring(1))).isFalse();
        assertThat(token.matches(token.value() + "\n")).isFalse();
    }

    @Test
    void onlyTheOwnerMayReadIt(@TempDir Path directory) throws IOException {
        assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        OperatorToken.open(directory, random);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("operator-token"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aDamagedFileIsNamedWithTheRemedy(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("operator-token");
        for (String content : new String[] {"", "short", "ü".repeat(50)}) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> OperatorToken.open(directory, random))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("delete it");
        }
    }
}
