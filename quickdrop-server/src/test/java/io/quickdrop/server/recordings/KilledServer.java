package io.quickdrop.server.recordings;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.RecordingStore.IntegrityException;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/**
 * A process that writes recordings until it is killed. It says on its standard output what it acknowledges, after it is
 * durable: {@code opened <session> <offset>}, {@code durable <session> <offset>}, {@code saved <session> <file>}.
 */
final class KilledServer {
    /** Length of every recording. */
    static final int TOTAL_BYTES = 600_000;

    /** Last word of each line: without it, the kill cut the line. */
    static final String END = "end";

    private static final int CHUNK_BYTES = 20_000;
    private static final int WRITERS = 2;

    private KilledServer() {}

    public static void main(String[] arguments) throws Exception {
        Path output = Path.of(arguments[0]);
        StoreSettings settings = new StoreSettings(output, output.resolve(".quickdrop"), 0, Duration.ZERO);
        Catalogue catalogue = Catalogue.open(settings.data());
        FileRecordingStore store = new FileRecordingStore(settings, catalogue, TestStore::name, Clock.systemUTC());
        for (int writer = 1; writer < WRITERS; writer++) {
            String name = "writer" + writer;
            new Thread(() -> write(store, name), name).start();
        }
        write(store, "writer0");
    }

    private static void write(FileRecordingStore store, String writer) {
        for (int take = 0; ; take++) {
            try {
                send(store, new SessionId(writer + "-" + take));
            } catch (StorageException | IntegrityException e) {
                say("failed " + writer + " " + e);
                return;
            }
        }
    }

    private static void send(FileRecordingStore store, SessionId id) throws StorageException, IntegrityException {
        Opening opening = store.open(id, "phone", StubbornSender.DESCRIPTION);
        if (opening instanceof Opening.Finished finished) {
            say("saved " + id + " " + finished.recording().fileName());
            return;
        }
        OpenRecording recording = ((Opening.Writable) opening).recording();
        byte[] bytes = bytes(id);
        int at = (int) recording.durableBytes();
        if (!recording.matches(0, ByteBuffer.wrap(bytes, 0, at))) {
            say("failed " + id + " other bytes below " + at);
        }
        say("opened " + id + " " + at);
        while (at < TOTAL_BYTES) {
            int end = Math.min(TOTAL_BYTES, at + CHUNK_BYTES);
            recording.append(ByteBuffer.wrap(bytes, at, end - at));
            at = end;
            if (at % (2 * CHUNK_BYTES) == 0) {
                say("durable " + id + " " + recording.force(at / CHUNK_BYTES));
            }
        }
        String name = recording
                .save(TOTAL_BYTES, StubbornSender.sha256(bytes), TOTAL_BYTES / CHUNK_BYTES)
                .fileName();
        say("saved " + id + " " + name);
    }

    /** What a session sends, the same in every process. */
    static byte[] bytes(SessionId id) {
        byte[] bytes = new byte[TOTAL_BYTES];
        new Random(id.hashCode()).nextBytes(bytes);
        return bytes;
    }

    private static synchronized void say(String line) {
        System.out.println(line + " " + END);
        System.out.flush();
    }
}
