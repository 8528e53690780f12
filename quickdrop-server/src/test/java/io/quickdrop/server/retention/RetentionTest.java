package io.quickdrop.server.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.LifeTable;
import io.quickdrop.server.recordings.FileRecordingStore;
import io.quickdrop.server.recordings.RecordingCatalogue.Restored;
import io.quickdrop.server.recordings.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits expires by policy, counted in running time, and whoever wants to keep it can. */
final class RetentionTest {
    private static final SessionId A = new SessionId("a");
    private static final Description FILM = new Description("video/webm", "webm", null, 1, null);
    private static final RetentionPolicy POLICY = new RetentionPolicy(Duration.ofDays(7), Duration.ofDays(30));

    private Path output;
    private Instant wallClock = Instant.parse("2026-11-22T14:03:09Z");
    private long nanos;
    private Catalogue catalogue;
    private FileRecordingStore store;
    private Retention retention;

    @BeforeEach
    void open(@TempDir Path folder) throws StorageException {
        output = folder;
        open(POLICY);
    }

    private void open(RetentionPolicy policy) throws StorageException {
        StoreSettings settings = new StoreSettings(output, output.resolve(".quickdrop"), 0, Duration.ofMinutes(10));
        catalogue = Catalogue.open(settings.data());
        store = new FileRecordingStore(
                settings, catalogue, (what, begun, taken) -> "take" + taken + ".webm", () -> wallClock);
        LifeTable table = new LifeTable(catalogue);
        retention = new Retention(policy, table, store.recordings(), new RunningTime(table.running(), () -> nanos));
    }

    @AfterEach
    void close() throws StorageException {
        store.close();
        catalogue.close();
    }

    /** Another process: its monotonic clock begins anywhere. */
    private void restart() throws StorageException {
        retention.close();
        close();
        nanos = -5_000_000_000_000L;
        open(POLICY);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private void partial(SessionId id) throws Exception {
        OpenRecording recording = ((Opening.Writable) store.open(id, "phone", FILM)).recording();
        recording.append(ByteBuffer.wrap("bytes".getBytes(UTF_8)));
        recording.keepPartial(1);
    }

    private List<Recording> sweep() throws StorageException {
        return retention.sweep(List.of());
    }

    @Test
    void aPartialRecordingGoesToTheTrashWhenItsTimeIsOverAndCanBeTakenBack() throws Exception {
        partial(A);
        assertThat(sweep()).isEmpty();
        assertThat(retention.recordingLeft(A, true)).contains(Duration.ofDays(30));
        pass(Duration.ofDays(29));
        assertThat(sweep()).isEmpty();
        assertThat(retention.recordingLeft(A, true)).contains(Duration.ofDays(1));
        pass(Duration.ofDays(1));

        assertThat(sweep()).extracting(Recording::id).containsExactly(A);

        assertThat(store.recordings().find(A)).isEmpty();
        assertThat(retention.expired()).extracting(Recording::id).containsExactly(A);
        wallClock = wallClock.plus(Duration.ofDays(6)); // nobody was asked: longer than after a click
        store.recordings().purge(wallClock);
        assertThat(store.recordings().restore(A)).isInstanceOf(Restored.Back.class);
        pass(Duration.ofDays(100));
        assertThat(sweep()).as("taken back is kept").isEmpty();
        assertThat(retention.expired()).isEmpty();
        assertThat(retention.recordingLeft(A, true)).isEmpty();
    }

    @Test
    void whatIsKeptAndWhatIsWholeStaysForEver() throws Exception {
        partial(A);
        sweep();
        pass(Duration.ofDays(29));
        retention.keep(A);
        pass(Duration.ofDays(1_000));
        assertThat(sweep()).isEmpty();
        restart();
        pass(Duration.ofDays(1_000));
        assertThat(sweep()).isEmpty();
        assertThat(retention.recordingLeft(new SessionId("whole"), false)).isEmpty();
    }

    @Test
    void aWallClockThatJumpsExpiresNothing() throws Exception {
        wallClock = Instant.EPOCH;
        partial(A);
        sweep();
        for (Duration jump : List.of(Duration.ofDays(20_000), Duration.ofDays(-2), Duration.ofHours(1))) {
            wallClock = wallClock.plus(jump);
            pass(Duration.ofHours(1));
            assertThat(sweep()).isEmpty();
            restart();
            assertThat(sweep()).isEmpty();
        }
        assertThat(retention.recordingLeft(A, true).orElseThrow())
                .isBetween(Duration.ofDays(29), Duration.ofDays(30).minus(Duration.ofHours(3)));
    }

    @Test
    void theTimeGoesOnOverRestartsAndNotWhileTheServerIsOff() throws Exception {
        SessionId session = new SessionId("session");
        retention.sweep(List.of(session));
        pass(Duration.ofDays(3));
        retention.sweep(List.of(session));
        assertThat(retention.idle(session)).isEqualTo(Duration.ofDays(3));
        wallClock = wallClock.plus(Duration.ofDays(300));
        restart();
        assertThat(retention.idle(session)).isEqualTo(Duration.ofDays(3));
        assertThat(retention.sessionLeft(session)).isEqualTo(Duration.ofDays(4));

        retention.sweep(List.of()); // its phone is back
        assertThat(retention.idle(session)).isZero();
    }

    @Test
    void aPartialRecordingsTimeBeginsWhenItsSessionEnds() throws Exception {
        retention.sweep(List.of(A));
        pass(Duration.ofDays(7));
        partial(A);
        sweep();
        assertThat(retention.recordingLeft(A, true)).contains(Duration.ofDays(30));
    }

    @Test
    void zeroDaysAreForEverAndLessThanV1PromisedIsRefused() throws Exception {
        close();
        open(new RetentionPolicy(Duration.ofSeconds(20), Duration.ZERO));
        partial(A);
        sweep();
        pass(Duration.ofDays(10_000));
        assertThat(sweep()).isEmpty();
        assertThat(retention.recordingLeft(A, true)).isEmpty();
        assertThatThrownBy(() -> new RetentionPolicy(Duration.ofSeconds(19), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("20S");
    }
}
