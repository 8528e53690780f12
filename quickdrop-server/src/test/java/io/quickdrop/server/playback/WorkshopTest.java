package io.quickdrop.server.playback;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.ObserverMessage.Gap;
import io.quickdrop.protocol.ObserverMessage.Playback;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes are made seekable after they are saved, by a real child process, and whatever fails leaves them as they were. */
final class WorkshopTest {
    private static final TakePart FIRST = new TakePart("t", 0, 0, null);

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
    void aTakeBecomesSeekableUnderItsNameAndItsReceivedBytesStay() throws Exception {
        byte[] bytes = TestTakes.webm(scratch, 4, 320, 180, 440);
        assertThat(TestTakes.probe(write(bytes), "format=duration"))
                .as("as it was received")
                .isEqualTo("N/A");

        SessionId id = laptop.save("a", "webm", bytes, FIRST);
        Recording recording = laptop.settled(id);

        Playback playback = Objects.requireNonNull(recording.playback());
        assertThat(playback.state()).isEqualTo("ready");
        assertThat(recording.ms()).isBetween(3_900L, 4_200L);
        assertThat(recording.sha256())
                .as("the receipt stays that of what was received")
                .isEqualTo(TestLaptop.sha256(bytes));
        Path file = laptop.recordings().file(id).orElseThrow();
        assertThat(file).isEqualTo(laptop.output.toRealPath().resolve("take.webm"));
        assertThat(TestLaptop.sha256(Files.readAllBytes(file))).isEqualTo(playback.sha256());
        assertThat(Files.size(file)).isEqualTo(playback.bytes());
        assertThat(Double.parseDouble(TestTakes.probe(file, "format=duration"))).isBetween(3.9, 4.2);
        assertThat(laptop.recordings().playback().received(id).orElseThrow()).hasBinaryContent(bytes);
        assertThat(laptop.recordings().scan())
                .as("the new length is the right one")
                .isEmpty();
        assertThat(laptop.changes).contains(id);
        assertThat(folder("work")).isEmpty();
    }

    @Test
    void anMp4GetsItsIndexInFront() throws Exception {
        byte[] bytes = TestTakes.mp4(scratch, 4, 320, 180, 440);

        SessionId id = laptop.save("a", "mp4", bytes, FIRST);
        Recording recording = laptop.settled(id);

        assertThat(Objects.requireNonNull(recording.playback()).state()).isEqualTo("ready");
        byte[] made = Files.readAllBytes(laptop.recordings().file(id).orElseThrow());
        String text = new String(made, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(text.indexOf("moov")).isBetween(0, text.indexOf("mdat"));
        assertThat(text).doesNotContain("moof");
    }

    @Test
    void filesThatAreNoTakeAreNeverTouched() throws Exception {
        byte[] bytes = TestTakes.webm(scratch, 2, 320, 180, 440);

        SessionId file = laptop.save("file", "webm", bytes, null);
        laptop.settled(laptop.save("take", "webm", bytes, FIRST));

        assertThat(laptop.recordings().find(file).orElseThrow().playback()).isNull();
        assertThat(laptop.recordings().file(file).orElseThrow()).hasBinaryContent(bytes);
    }

    @Test
    void aPartialTakeIsRepairedUpToItsLastWholePacket() throws Exception {
        byte[] bytes = TestTakes.webm(scratch, 6, 320, 180, 440);
        byte[] torn = Arrays.copyOf(bytes, bytes.length * 2 / 3);
        OpenRecording open = laptop.begin("a", "webm", new TakePart("t", 1, 700, "flip"));
        open.append(ByteBuffer.wrap(torn));
        open.force(1);
        open.keepPartial(1);

        Recording recording = laptop.settled(new SessionId("a"));

        assertThat(recording.partial()).isTrue();
        assertThat(Objects.requireNonNull(recording.playback()).state()).isEqualTo("ready");
        assertThat(recording.ms()).isBetween(3_000L, 5_000L);
        assertThat(recording.gaps()).containsExactly(new Gap(0, 700, "flip"));
        assertThat(laptop.recordings().playback().received(recording.id()).orElseThrow())
                .hasBinaryContent(torn);
    }

    @Test
    void whatIsNoVideoStaysAsItWasReceived() throws Exception {
        long seed = new Random().nextLong();
        byte[] noise = new byte[300_000];
        new Random(seed).nextBytes(noise);

        SessionId id = laptop.save("a", "webm", noise, FIRST);
        Recording recording = laptop.settled(id);

        assertThat(Objects.requireNonNull(recording.playback()).state())
                .as("seed %s", seed)
                .isEqualTo("as_received");
        assertThat(laptop.recordings().file(id).orElseThrow()).hasBinaryContent(noise);
        assertThat(folder("work")).isEmpty();
        assertThat(folder("received")).isEmpty();
    }

    @Test
    void receivedBytesGoWhenTheirTimeIsOver() throws Exception {
        SessionId id = laptop.save("a", "webm", TestTakes.webm(scratch, 2, 320, 180, 440), FIRST);
        laptop.settled(id);

        laptop.recordings().purge(Instant.now().plus(Duration.ofHours(23)));
        assertThat(laptop.recordings().playback().received(id)).isPresent();
        laptop.recordings().purge(Instant.now().plus(Duration.ofHours(25)));

        assertThat(laptop.recordings().playback().received(id)).isEmpty();
        assertThat(laptop.recordings().file(id)).as("the repaired file stays").isPresent();
    }

    private Path write(byte[] bytes) throws Exception {
        return Files.write(scratch.resolve("as-received"), bytes);
    }

    private Stream<Path> folder(String name) throws Exception {
        try (Stream<Path> files = Files.list(laptop.output.resolve(".quickdrop").resolve(name))) {
            return files.toList().stream();
        }
    }
}
