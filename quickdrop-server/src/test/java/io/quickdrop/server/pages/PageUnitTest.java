package io.quickdrop.server.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the unit tests of the pages' own modules, which are JavaScript, with Node's test runner. */
final class PageUnitTest {
    private static final Path SOURCES = Path.of("src", "test", "web");
    private static final Path REPORT = Path.of("target", "page-unit-tests.txt");
    private static final long TIMEOUT_SECONDS = 120;
    private static final Pattern COUNT = Pattern.compile("(?m)^\\S+ (tests|pass|fail) (\\d+)$");

    @Test
    void theModulesOfThePagesPassTheirOwnTests() throws IOException, InterruptedException {
        Process process = start();
        boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String report = Files.readString(REPORT);

        assertThat(ended)
                .as("node --test ends within %d s; it said:%n%s", TIMEOUT_SECONDS, report)
                .isTrue();
        System.out.println("Pages, node --test: " + count(report, "tests") + " tests, " + count(report, "pass")
                + " passed, " + count(report, "fail") + " failed");
        assertThat(process.exitValue())
                .as("exit status of node --test; it said:%n%s", report)
                .isZero();
        // A runner that finds no file is content with itself.
        assertThat(count(report, "pass")).as(report).isPositive();
    }

    private static Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("node", "--test", "--test-reporter=spec"))
                .directory(SOURCES.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(REPORT.toString()).getAbsoluteFile());
        builder.environment().put("NO_COLOR", "1");
        // Set when this build itself runs under Node's test runner; the inner one would then report elsewhere.
        builder.environment().remove("NODE_TEST_CONTEXT");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "The pages' tests need Node 20 or newer as 'node' on the PATH: install the package 'nodejs'.", e);
        }
    }

    private static int count(String report, String what) {
        Matcher line = COUNT.matcher(report);
        while (line.find()) {
            if (line.group(1).equals(what)) {
                return Integer.parseInt(line.group(2));
            }
        }
        return 0;
    }
}
