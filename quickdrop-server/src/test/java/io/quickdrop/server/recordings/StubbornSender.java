package io.quickdrop.server.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.RecordingStore.IntegrityException;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.upload.SavedRecording;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Sends one recording through a store as the relay does, and does not give up: after a failure it rewinds and goes on
 * from what is durable. It remembers what was acknowledged and checks that nothing of it is ever taken back.
 */
final class StubbornSender {
    static final SessionId ID = new SessionId("stubborn");
    static final Description DESCRIPTION = new Description("video/webm", "webm", null, 1, null);
    static final int TOTAL_BYTES = 40_000;

    private static final int CHUNK_BYTES = 3_000;
    private static final int[] DAMAGED = {0, 17_500, TOTAL_BYTES - 1};
    private static final int FORCE_EVERY_BYTES = 9_000;
    /** A fault that heals is over by then. */
    private static final int MANY_TRIES = 200;

    private final byte[] bytes = new byte[TOTAL_BYTES];
    private long acknowledged;
    private int tries;

    private final int maxTries;

    StubbornSender() {
        this(MANY_TRIES);
    }

    /** @param maxTries failures after which it gives up */
    StubbornSender(int maxTries) {
        this.maxTries = maxTries;
        new Random(11).nextBytes(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Sends all and saves; throws only when it has tried too often, as with a store that died. */
    SavedRecording send(RecordingStore store) throws StorageException, IntegrityException {
        tries = 0;
        while (true) {
            try {
                Opening opening = store.open(ID, "phone", DESCRIPTION);
                if (opening instanceof Opening.Finished finished) {
                    return finished.recording();
                }
                return send(((Opening.Writable) opening).recording());
            } catch (StorageException e) {
                countTry(e);
            }
        }
    }

    /** Sends all, all of it durable, and three bytes of it damaged. */
    OpenRecording sendDamaged(RecordingStore store) throws StorageException {
        OpenRecording recording = ((Opening.Writable) store.open(ID, "phone", DESCRIPTION)).recording();
        byte[] damaged = bytes.clone();
        for (int at : DAMAGED) {
            damaged[at] ^= 0x40;
        }
        recording.append(ByteBuffer.wrap(damaged));
        acknowledged = recording.force(chunks(TOTAL_BYTES));
        return recording;
    }

    /** Compares block by block and sends again what differs, until it is saved; goes on after a failure. */
    SavedRecording mendDamaged(OpenRecording recording) throws StorageException {
        tries = 0;
        while (true) {
            try {
                return recording.save(TOTAL_BYTES, sha256(), chunks(TOTAL_BYTES));
            } catch (IntegrityException e) {
                replaceWhatDiffers(recording);
            } catch (StorageException e) {
                countTry(e);
                rewindIfPossible(recording);
            }
            assertThat(recording.durableBytes()).isEqualTo(TOTAL_BYTES);
        }
    }

    private void replaceWhatDiffers(OpenRecording recording) throws StorageException {
        try {
            List<String> found = recording.hashes(0, TOTAL_BYTES, CHUNK_BYTES);
            for (int block = 0; block < found.size(); block++) {
                int at = block * CHUNK_BYTES;
                byte[] own = Arrays.copyOfRange(bytes, at, Math.min(TOTAL_BYTES, at + CHUNK_BYTES));
                if (!found.get(block).equals(sha256(own))) {
                    recording.replace(at, ByteBuffer.wrap(own));
                }
            }
        } catch (StorageException e) {
            countTry(e);
            rewindIfPossible(recording);
        }
    }

    private void rewindIfPossible(OpenRecording recording) throws StorageException {
        try {
            recording.rewind();
        } catch (StorageException e) {
            countTry(e);
        }
    }

    private SavedRecording send(OpenRecording recording) throws StorageException, IntegrityException {
        @Nullable SavedRecording saved = null;
        while (saved == null) {
            check(recording);
            try {
                append(recording);
                saved = recording.save(TOTAL_BYTES, sha256(), chunks(TOTAL_BYTES));
            } catch (StorageException e) {
                countTry(e);
                saved = mend(recording);
            }
        }
        return saved;
    }

    private void append(OpenRecording recording) throws StorageException {
        int at = (int) recording.durableBytes();
        while (at < TOTAL_BYTES) {
            int end = Math.min(TOTAL_BYTES, at + CHUNK_BYTES);
            recording.append(ByteBuffer.wrap(bytes, at, end - at));
            at = end;
            if (at - acknowledged >= FORCE_EVERY_BYTES) {
                acknowledged = recording.force(chunks(at));
            }
        }
    }

    /** Saves again where that was all that failed; otherwise rewinds until it works. */
    private @Nullable SavedRecording mend(OpenRecording recording) throws StorageException, IntegrityException {
        try {
            return recording.save(TOTAL_BYTES, sha256(), chunks(TOTAL_BYTES));
        } catch (StorageException e) {
            countTry(e);
        } catch (IntegrityException e) {
            // Not everything is there yet.
        }
        while (true) {
            try {
                recording.rewind();
                return null;
            } catch (StorageException e) {
                countTry(e);
            }
        }
    }

    private void check(OpenRecording recording) throws StorageException {
        assertThat(recording.durableBytes()).isGreaterThanOrEqualTo(acknowledged);
        acknowledged = recording.durableBytes();
        try {
            assertThat(recording.matches(0, ByteBuffer.wrap(bytes, 0, (int) acknowledged)))
                    .isTrue();
        } catch (StorageException e) {
            countTry(e);
        }
    }

    private void countTry(StorageException cause) throws StorageException {
        tries++;
        if (tries > maxTries) {
            throw cause;
        }
    }

    long acknowledged() {
        return acknowledged;
    }

    String sha256() {
        return sha256(bytes);
    }

    static String sha256(byte[] of) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(of));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    byte[] prefix(int length) {
        return Arrays.copyOf(bytes, length);
    }

    private static long chunks(long at) {
        return (at + CHUNK_BYTES - 1) / CHUNK_BYTES;
    }
}
