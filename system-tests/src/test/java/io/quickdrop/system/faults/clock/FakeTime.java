package io.quickdrop.system.faults.clock;

import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The real server under libfaketime, which tells it another wall clock than there is. */
final class FakeTime implements ClockedServer {
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    private final Path offset;
    private final ServerProcess server;

    /** @param library see {@link #library} */
    FakeTime(Path library, Path output) {
        offset = output.resolveSibling(output.getFileName() + "-clock");
        jump(Duration.ZERO);
        server = Launch.in(output)
                .environment(Map.of(
                        "LD_PRELOAD", library.toString(),
                        "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                        "FAKETIME_NO_CACHE", "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                        "DONT_FAKE_MONOTONIC", "1",
                        // Its cure for an old C library makes every timed wait of a JVM return at once.
                        "FAKETIME_FORCE_MONOTONIC_FIX", "0"))
                .start();
    }

    /** Where Debian's package {@code faketime} has its library. */
    static Optional<Path> library() {
        for (Path folder : List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"))) {
            try (Stream<Path> machines = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
                Optional<Path> found = Stream.concat(Stream.of(folder), machines)
                        .map(machine -> machine.resolve(LIBRARY))
                        .filter(Files::exists)
                        .findFirst();
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.empty();
    }

    @Override
    public void jump(Duration offBy) {
        try {
            // libfaketime takes a sign and seconds; it reads the file anew whenever it is asked for the time.
            Path next = Files.writeString(
                    offset.resolveSibling(offset.getFileName() + ".new"), String.format("%+d", offBy.toSeconds()));
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void restart() {
        server.kill9();
        server.start();
    }

    @Override
    public Door door() {
        return Door.of(server);
    }

    @Override
    public void close() {
        server.close();
    }
}
