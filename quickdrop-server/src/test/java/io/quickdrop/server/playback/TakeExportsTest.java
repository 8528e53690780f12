package io.quickdrop.server.playback;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.server.playback.TakeExports.Export;
import io.quickdrop.server.playback.TakeExports.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All parts of a take as one file, for who asks. */
final class TakeExportsTest {
    @TempDir
    private Path scratch = Path.of("");

    private TestLaptop laptop;

    @BeforeEach
    void open(@TempDir Path output) throws Exception {
        laptop = new TestLaptop(output).work();
    }

    @AfterEach
    void close() throws Exception {
        laptop.close();
    }

    @Test
    void partsOfTwoSizesBecomeOneFileInTheirOrder() throws Exception {
        // The second part arrives first.
        SessionId second =
                laptop.save("b", "webm", TestTakes.webm(scratch, 2, 90, 160, 880), new TakePart("t", 1, 1_200, "flip"));
        SessionId first =
                laptop.save("a", "webm", TestTakes.webm(scratch, 3, 160, 90, 440), new TakePart("t", 0, 0, null));
        laptop.settled(first);
        laptop.settled(second);

        assertThat(laptop.exports.ask("t")).isPresent();
        Export export = ended("t");

        assertThat(export.state()).as("%s", export.note()).isEqualTo(State.READY);
        assertThat(export.durationMs()).isBetween(4_900L, 5_300L);
        Path file = Objects.requireNonNull(export.file());
        assertThat(Double.parseDouble(TestTakes.probe(file, "format=duration"))).isBetween(4.9, 5.3);
        assertThat(laptop.recordings().file(first)).as("the parts stay").isPresent();
        laptop.exports.ask("t");
        assertThat(Files.exists(file)).as("a new one replaces the old").isFalse();
        assertThat(ended("t").state()).isEqualTo(State.READY);
    }

    @Test
    void whatCanNotBeOneFileFailsInWords() throws Exception {
        laptop.settled(
                laptop.save("a", "webm", TestTakes.webm(scratch, 1, 160, 90, 440), new TakePart("t", 0, 0, null)));
        laptop.settled(
                laptop.save("b", "mp4", TestTakes.mp4(scratch, 1, 160, 90, 440), new TakePart("t", 1, 0, "flip")));

        laptop.exports.ask("t");
        Export export = ended("t");

        assertThat(export.state()).isEqualTo(State.FAILED);
        assertThat(export.note()).contains("one file can't hold both");
        assertThat(laptop.output.resolve(".quickdrop/work")).isEmptyDirectory();
    }

    @Test
    void aTakeThatNobodyHasIsNotExported() throws Exception {
        assertThat(laptop.exports.ask("nobody")).isEmpty();
        assertThat(laptop.exports.find("nobody")).isEmpty();
    }

    private Export ended(String takeId) {
        return Awaitility.await("export of " + takeId)
                .atMost(TestLaptop.PATIENCE)
                .until(
                        () -> laptop.exports.find(takeId).orElseThrow(),
                        export -> export.state() == State.READY || export.state() == State.FAILED);
    }
}
