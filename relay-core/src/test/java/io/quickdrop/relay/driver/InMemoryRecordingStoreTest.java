package io.quickdrop.relay.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.driver.StoreFault.Call;
import io.quickdrop.relay.upload.SavedRecording;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InMemoryRecordingStoreTest extends RecordingStoreContract {
    private static final Set<Call> DEVICE_CALLS = EnumSet.of(Call.APPEND, Call.REPLACE, Call.FORCE);

    private Instant now = Instant.parse("2026-11-22T14:03:09Z");
    private final InMemoryRecordingStore store = new InMemoryRecordingStore(() -> now);

    @Override
    protected RecordingStore store() {
        return store;
    }

    @Override
    protected RecordingStore restarted() {
        store.crash();
        return store;
    }

    @Override
    protected byte[] content(SessionId id, SavedRecording saved) {
        assertThat(store.saved(id)).contains(saved);
        return store.bytes(id).orElseThrow();
    }

    @Override
    protected void roomFor(long bytes) {
        store.limitTo(Long.MAX_VALUE);
        store.limitTo(Long.MAX_VALUE - store.freeBytes() + bytes);
    }

    @Override
    protected void deviceBroken(boolean broken) {
        store.failBy(
                !broken
                        ? StoreFault.NONE
                        : (call, id) -> {
                            if (DEVICE_CALLS.contains(call)) {
                                throw new StorageException(Kind.FAILED, "broken for the test");
                            }
                        });
    }

    @Test
    void aCrashFencesWhatWasOpen() throws Exception {
        OpenRecording recording = open(store, ID);
        store.crash();

        assertFails(Kind.FAILED, () -> recording.force(1));
    }

    @Test
    void roomComesBackWithWhatIsDropped() throws Exception {
        store.limitTo(1000);
        OpenRecording recording = open(store, ID);
        recording.append(bytes(0, 1000));
        assertThat(store.freeBytes()).isZero();

        recording.discard();

        assertThat(store.freeBytes()).isEqualTo(1000);
    }

    @Test
    void idleIsCountedFromTheLastForce() throws Exception {
        OpenRecording recording = open(store, ID);
        now = now.plusSeconds(60);
        recording.append(bytes(0, 10));
        recording.force(1);
        now = now.plusSeconds(5);

        assertThat(store.unfinished().get(0).idle()).isEqualTo(Duration.ofSeconds(5));
    }
}
