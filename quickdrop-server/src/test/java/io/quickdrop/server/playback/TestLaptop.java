package io.quickdrop.server.playback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.recordings.FileRecordingStore;
import io.quickdrop.server.recordings.RecordingCatalogue;
import io.quickdrop.server.recordings.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A store with its workshop, in a folder of a test. */
final class TestLaptop implements AutoCloseable {
    /** The machine may be busy with other tests. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    final Path output;
    final List<SessionId> changes = new CopyOnWriteArrayList<>();
    private final Catalogue catalogue;
    final FileRecordingStore store;
    final TakeExports exports;
    private @Nullable Workshop workshop;

    TestLaptop(Path output, Duration keepReceived) throws StorageException {
        this.output = output;
        StoreSettings settings =
                new StoreSettings(output, output.resolve(".quickdrop"), 0, Duration.ofMinutes(10), keepReceived);
        catalogue = Catalogue.open(settings.data());
        store = new FileRecordingStore(
                settings,
                catalogue,
                (description, begun, taken) -> "take" + (taken == 0 ? "" : "-" + taken) + "." + description.ext(),
                Clock.systemUTC());
        exports = new TakeExports(store.recordings(), Clock.systemUTC());
    }

    TestLaptop(Path output) throws StorageException {
        this(output, Duration.ofHours(24));
    }

    TestLaptop work() {
        workshop = new Workshop(store.recordings().playback(), exports, changes::add);
        return this;
    }

    RecordingCatalogue recordings() {
        return store.recordings();
    }

    /** Saves a part of a take, or a file where {@code take} is {@code null}. */
    SessionId save(String id, String ext, byte[] bytes, @Nullable TakePart take) throws Exception {
        OpenRecording open = begin(id, ext, take);
        open.append(ByteBuffer.wrap(bytes));
        open.save(bytes.length, sha256(bytes), 1);
        return new SessionId(id);
    }

    OpenRecording begin(String id, String ext, @Nullable TakePart take) throws StorageException {
        Description description = new Description("video/" + ext, ext, null, 1_760_000_000_000L, null, take);
        return ((Opening.Writable) store.open(new SessionId(id), "phone", description)).recording();
    }

    /** Waits until nothing is to be done for it any more. */
    Recording settled(SessionId id) {
        return Awaitility.await("repair of " + id)
                .atMost(PATIENCE)
                .until(
                        () -> store.recordings().find(id).orElseThrow(),
                        recording -> recording.playback() != null
                                && List.of("ready", "as_received")
                                        .contains(recording.playback().state()));
    }

    static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() throws StorageException {
        if (workshop != null) {
            workshop.close();
        }
        store.close();
        catalogue.close();
    }
}
