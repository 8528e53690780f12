package io.quickdrop.server.recordings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * A folder in memory where the system has one, else on the disk: for tests of thousands of syncs that ask what the store
 * does and not what the device does.
 */
public final class MemoryFolder implements TempDirFactory {
    private static final Path LINUX_MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return Files.isWritable(LINUX_MEMORY)
                ? Files.createTempDirectory(LINUX_MEMORY, "quickdrop-test-")
                : Files.createTempDirectory("quickdrop-test-");
    }
}
