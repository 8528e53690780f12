package io.quickdrop.system.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs of this machine that the tests need, found the way a shell finds them. */
final class Programs {
    private Programs() {}

    /** @throws AssertionError with one sentence that names the package, if there is none */
    static Path chromium() {
        String named = System.getenv("CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named))
                    .filter(Files::isExecutable)
                    .orElseThrow(
                            () -> new AssertionError(
                                    "The environment variable CHROMIUM names '" + named
                                            + "', which is no program: name Chromium's, or unset it and install the package 'chromium'."));
        }
        return onPath("chromium")
                .orElseThrow(() -> new AssertionError("The browser tests need Chromium: install the package 'chromium',"
                        + " or set the environment variable CHROMIUM to the program's path."));
    }

    /** @throws AssertionError with one sentence that names the package, if there is none */
    static Path node() {
        return onPath("node")
                .orElseThrow(
                        () -> new AssertionError(
                                "The browser tests need Node 20 or newer as 'node' on the PATH: install the package 'nodejs'."));
    }

    private static Optional<Path> onPath(String name) {
        @Nullable String path = System.getenv("PATH");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path == null ? "" : path)
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> Stream.of(name, name + ".exe").map(file -> Path.of(folder, file)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
