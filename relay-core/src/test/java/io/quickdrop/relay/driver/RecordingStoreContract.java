package io.quickdrop.relay.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore.IntegrityException;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.RecordingStore.Unfinished;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.upload.SavedRecording;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link RecordingStore} keeps to. Extend it with your store; all of its facts have to hold. */
public abstract class RecordingStoreContract {
    protected static final SessionId ID = new SessionId("take-1");
    protected static final Description DESCRIPTION =
            new Description("video/webm;codecs=vp9,opus", "webm", "kitchen", 1_795_000_000_000L, null);

    private static final byte[] PATTERN = new byte[1 << 20];

    static {
        new Random(7).nextBytes(PATTERN);
    }

    /** The store, the same one until {@link #restarted}. */
    protected abstract RecordingStore store() throws Exception;

    /** The store as it comes back after a power cut. */
    protected abstract RecordingStore restarted() throws Exception;

    /** What a recording holds under its final name. */
    protected abstract byte[] content(SessionId id, SavedRecording saved) throws Exception;

    /** Lets the store have room for so many more bytes. */
    protected abstract void roomFor(long bytes) throws Exception;

    /** Lets every write and force fail, or work again. */
    protected abstract void deviceBroken(boolean broken) throws Exception;

    @Test
    public void aNewSessionIsEmptyAndWritable() throws Exception {
        Opening.Writable opening = (Opening.Writable) store().open(ID, "phone", DESCRIPTION);

        assertThat(opening.resumed()).isFalse();
        assertThat(opening.device()).isEqualTo("phone");
        assertThat(opening.recording().durableBytes()).isZero();
        assertThat(opening.recording().chunks()).isZero();
        assertThat(opening.recording().fileName()).endsWith(".webm");
    }

    @Test
    public void onlyAForceMakesBytesDurable() throws Exception {
        OpenRecording recording = open(store(), ID);

        recording.append(bytes(0, 1000));
        assertThat(recording.durableBytes()).isZero();

        assertThat(recording.force(3)).isEqualTo(1000);
        assertThat(recording.durableBytes()).isEqualTo(1000);
        assertThat(recording.chunks()).isEqualTo(3);
        assertThat(recording.force(3)).isEqualTo(1000);
    }

    @Test
    public void aSavedRecordingIsExactAndHashed() throws Exception {
        OpenRecording recording = open(store(), ID);
        for (int at = 0; at < 100_000; at += 10_000) {
            recording.append(bytes(at, 10_000));
            recording.force(at / 10_000 + 1);
        }

        SavedRecording saved = recording.save(100_000, sha256(100_000), 10);

        assertThat(saved.bytes()).isEqualTo(100_000);
        assertThat(saved.chunks()).isEqualTo(10);
        assertThat(saved.sha256()).isEqualTo(sha256(100_000));
        assertThat(saved.partial()).isFalse();
        assertThat(content(ID, saved)).isEqualTo(pattern(100_000));
    }

    @Test
    public void savingForcesWhatWasNotForced() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 500));

        SavedRecording saved = recording.save(500, null, 1);

        assertThat(saved.sha256()).isEqualTo(sha256(500));
        restarted();
        assertThat(content(ID, saved)).isEqualTo(pattern(500));
    }

    @Test
    public void aRecordingWithoutAByteIsSaved() throws Exception {
        SavedRecording saved = open(store(), ID).save(0, sha256(0), 0);

        assertThat(saved.bytes()).isZero();
        assertThat(content(ID, saved)).isEmpty();
    }

    @Test
    public void aWrongLengthIsRefusedAndTheRecordingStaysOpen() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 500));
        recording.force(1);

        assertThatThrownBy(() -> recording.save(1000, null, 2))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("500")
                .hasMessageContaining("1000");

        recording.append(bytes(500, 500));
        assertThat(content(ID, recording.save(1000, sha256(1000), 2))).isEqualTo(pattern(1000));
    }

    @Test
    public void aWrongHashIsRefusedAndTheRecordingStaysOpen() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 500));
        recording.force(1);

        assertThatThrownBy(() -> recording.save(500, sha256(499), 1))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(sha256(499));

        assertThat(recording.durableBytes()).isEqualTo(500);
        assertThat(recording.save(500, sha256(500), 1).bytes()).isEqualTo(500);
    }

    @Test
    public void openingASavedSessionFindsItFinishedAlsoAfterARestart() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 500));
        SavedRecording saved = recording.save(500, null, 1);

        assertThat(store().open(ID, "other", DESCRIPTION)).isEqualTo(new Opening.Finished(saved, "phone"));
        assertThat(restarted().open(ID, "other", DESCRIPTION)).isEqualTo(new Opening.Finished(saved, "phone"));
        assertThat(store().unfinished()).isEmpty();
    }

    @Test
    public void aRestartKeepsWhatWasForcedAndNothingElse() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 3000));
        recording.force(2);
        recording.append(bytes(3000, 2000));

        Opening.Writable opening = (Opening.Writable) restarted().open(ID, "phone", DESCRIPTION);

        assertThat(opening.resumed()).isTrue();
        OpenRecording resumed = opening.recording();
        assertThat(resumed.durableBytes()).isEqualTo(3000);
        assertThat(resumed.chunks()).isEqualTo(2);
        assertThat(resumed.matches(0, bytes(0, 3000))).isTrue();
        resumed.append(bytes(3000, 1000));
        assertThat(content(ID, resumed.save(4000, sha256(4000), 3))).isEqualTo(pattern(4000));
    }

    @Test
    public void closingKeepsTheSessionAsFarAsItWasForced() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 300));
        recording.force(1);
        recording.append(bytes(300, 300));
        recording.close();
        recording.close();

        assertThatThrownBy(() -> recording.append(bytes(600, 1))).isInstanceOf(IllegalStateException.class);
        OpenRecording again = open(store(), ID);
        assertThat(again.durableBytes()).isEqualTo(300);
        again.append(bytes(300, 100));
        assertThat(content(ID, again.save(400, sha256(400), 2))).isEqualTo(pattern(400));
    }

    @Test
    public void theFirstDeviceStaysTheSessionsDevice() throws Exception {
        open(store(), ID).close();

        assertThat(store().open(ID, "other", DESCRIPTION).device()).isEqualTo("phone");
        assertThat(restarted().open(ID, "other", DESCRIPTION).device()).isEqualTo("phone");
    }

    @Test
    public void aNewerOpeningFencesTheOlderOne() throws Exception {
        OpenRecording older = open(store(), ID);
        older.append(bytes(0, 100));
        older.force(1);
        older.append(bytes(100, 100));

        OpenRecording newer = open(store(), ID);

        assertThatThrownBy(() -> older.append(bytes(200, 1))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> older.force(2)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> older.save(200, null, 2)).isInstanceOf(StorageException.class);
        assertThatThrownBy(older::discard).isInstanceOf(StorageException.class);
        older.close();
        assertThat(newer.durableBytes()).isEqualTo(100);
        newer.append(bytes(100, 50));
        assertThat(content(ID, newer.save(150, sha256(150), 2))).isEqualTo(pattern(150));
    }

    @Test
    public void writtenBytesAreCompared() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        recording.append(bytes(1000, 1000));

        assertThat(recording.matches(0, bytes(0, 1000))).isTrue();
        assertThat(recording.matches(990, bytes(990, 20))).isTrue();
        assertThat(recording.matches(1000, bytes(1000, 1000))).isTrue();
        assertThat(recording.matches(991, bytes(990, 20))).isFalse();
        assertThat(recording.matches(2000, bytes(0, 0))).isTrue();
        assertThatThrownBy(() -> recording.matches(1500, bytes(1500, 501)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    public void replacedBytesAreFoundInPlaceOfTheOldOnes() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 1000));
        recording.append(ByteBuffer.wrap(new byte[1000]));
        recording.append(bytes(2000, 1000));
        recording.force(3);

        recording.replace(1000, bytes(1000, 600));
        assertThat(recording.matches(0, bytes(0, 1600))).isTrue();
        assertThat(recording.durableBytes()).isEqualTo(3000);
        assertThatThrownBy(() -> recording.save(3000, sha256(3000), 4)).isInstanceOf(IntegrityException.class);
        recording.replace(1600, bytes(1600, 400));

        assertThat(content(ID, recording.save(3000, sha256(3000), 5))).isEqualTo(pattern(3000));
    }

    @Test
    public void replacedBytesAreDurableWithTheNextForce() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(ByteBuffer.wrap(new byte[1000]));
        recording.force(1);
        recording.replace(0, bytes(0, 1000));
        recording.force(1);

        OpenRecording again = open(restarted(), ID);

        assertThat(again.durableBytes()).isEqualTo(1000);
        assertThat(again.matches(0, bytes(0, 1000))).isTrue();
        assertThat(content(ID, again.save(1000, sha256(1000), 1))).isEqualTo(pattern(1000));
    }

    @Test
    public void bytesReplacedAndNotForcedAreOldOrNewAfterAPowerCutAndTheHashTells() throws Exception {
        OpenRecording recording = open(store(), ID);
        byte[] damaged = pattern(1000);
        damaged[500] ^= 1;
        recording.append(ByteBuffer.wrap(damaged));
        recording.force(1);
        recording.replace(400, bytes(400, 200));

        OpenRecording again = open(restarted(), ID);

        assertThat(again.durableBytes()).isEqualTo(1000);
        if (!again.matches(0, bytes(0, 1000))) {
            assertThat(again.matches(0, ByteBuffer.wrap(damaged))).isTrue();
            assertThatThrownBy(() -> again.save(1000, sha256(1000), 1)).isInstanceOf(IntegrityException.class);
            again.replace(400, bytes(400, 200));
        }
        assertThat(content(ID, again.save(1000, sha256(1000), 1))).isEqualTo(pattern(1000));
    }

    @Test
    public void replacingNeverGoesBeyondWhatWasWritten() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 1000));
        recording.force(1);

        assertThatThrownBy(() -> recording.replace(900, bytes(900, 101))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> recording.replace(-1, bytes(0, 1))).isInstanceOf(IllegalArgumentException.class);
        recording.append(bytes(1000, 10));
        assertThat(content(ID, recording.save(1010, sha256(1010), 2))).isEqualTo(pattern(1010));
    }

    @Test
    public void blocksAreHashedAsTheyAre() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        recording.append(bytes(1000, 1500));

        assertThat(recording.hashes(0, 2500, 1000))
                .containsExactly(sha256(0, 1000), sha256(1000, 1000), sha256(2000, 500));
        assertThat(recording.hashes(300, 700, 700)).containsExactly(sha256(300, 700));
        assertThat(recording.hashes(2500, 0, 1)).isEmpty();
        recording.replace(0, bytes(1000, 1000));
        assertThat(recording.hashes(0, 1000, 1000)).containsExactly(sha256(1000, 1000));
        assertThatThrownBy(() -> recording.hashes(2000, 501, 100)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    public void aDeviceThatBreaksWhileBytesAreReplacedLosesNothingDurable() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        recording.append(bytes(1000, 1000));
        deviceBroken(true);

        assertFails(Kind.FAILED, () -> recording.replace(0, bytes(0, 100)));
        deviceBroken(false);
        assertThatThrownBy(() -> recording.replace(0, bytes(0, 100)))
                .as("nothing but a rewind may follow")
                .isInstanceOf(StorageException.class);

        recording.rewind();
        assertThat(recording.durableBytes()).isEqualTo(1000);
        recording.replace(0, bytes(0, 100));
        assertThat(content(ID, recording.save(1000, sha256(1000), 1))).isEqualTo(pattern(1000));
    }

    @Test
    public void buffersOfAnyKindAreLeftAsTheyCame() throws Exception {
        OpenRecording recording = open(store(), ID);
        ByteBuffer direct = ByteBuffer.allocateDirect(300).put(pattern(300)).flip();
        direct.position(100).limit(200);
        ByteBuffer readOnly = bytes(200, 100).asReadOnlyBuffer();

        recording.append(bytes(0, 100));
        recording.append(direct);
        recording.append(readOnly);

        assertThat(direct.position()).isEqualTo(100);
        assertThat(direct.limit()).isEqualTo(200);
        assertThat(readOnly.remaining()).isEqualTo(100);
        assertThat(content(ID, recording.save(300, sha256(300), 3))).isEqualTo(pattern(300));
    }

    @Test
    public void aRewindForgetsWhatIsNotDurable() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 100));
        recording.force(1);
        recording.append(bytes(7, 100));

        recording.rewind();

        assertThat(recording.durableBytes()).isEqualTo(100);
        recording.append(bytes(100, 100));
        assertThat(content(ID, recording.save(200, sha256(200), 2))).isEqualTo(pattern(200));
    }

    @Test
    public void aFullStoreKeepsTheSessionAndGoesOnWhenThereIsRoom() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        roomFor(0);

        assertFails(Kind.FULL, () -> recording.append(bytes(1000, 1000)));
        assertFails(Kind.FULL, recording::rewind);
        assertThat(recording.durableBytes()).isEqualTo(1000);
        assertThat(store().freeBytes()).isZero();

        roomFor(1_000_000);
        recording.rewind();
        recording.append(bytes(1000, 1000));
        assertThat(content(ID, recording.save(2000, sha256(2000), 2))).isEqualTo(pattern(2000));
    }

    @Test
    public void aBrokenDeviceLosesNothingDurable() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        recording.append(bytes(1000, 1000));
        deviceBroken(true);

        assertFails(Kind.FAILED, () -> recording.force(2));
        assertThat(recording.durableBytes()).isEqualTo(1000);
        deviceBroken(false);
        assertThatThrownBy(() -> recording.append(bytes(2000, 10)))
                .as("nothing but a rewind may follow")
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> recording.save(2000, sha256(2000), 2)).isInstanceOf(StorageException.class);

        recording.rewind();
        assertThat(recording.durableBytes()).isEqualTo(1000);
        recording.append(bytes(1000, 500));
        recording.force(2);
        OpenRecording again = open(restarted(), ID);
        assertThat(again.durableBytes()).isEqualTo(1500);
        assertThat(content(ID, again.save(1500, sha256(1500), 2))).isEqualTo(pattern(1500));
    }

    @Test
    public void aPartialRecordingIsKeptAndMarked() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 700));

        SavedRecording saved = recording.keepPartial(4);

        assertThat(saved).isEqualTo(new SavedRecording(saved.fileName(), 700, 4, null, true));
        assertThat(saved.fileName()).contains(".partial.");
        assertThat(content(ID, saved)).isEqualTo(pattern(700));
        assertThat(restarted().open(ID, "phone", DESCRIPTION)).isEqualTo(new Opening.Finished(saved, "phone"));
    }

    @Test
    public void aPartialRecordingOfABrokenDeviceHoldsWhatIsDurable() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 700));
        recording.force(1);
        recording.append(bytes(700, 700));
        deviceBroken(true);
        assertFails(Kind.FAILED, () -> recording.force(2));
        deviceBroken(false);

        SavedRecording saved = recording.keepPartial(1);

        assertThat(content(ID, saved)).isEqualTo(pattern(700));
    }

    @Test
    public void aDiscardedSessionIsForgotten() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 700));
        recording.force(1);

        recording.discard();

        assertThat(store().unfinished()).isEmpty();
        Opening.Writable opening = (Opening.Writable) restarted().open(ID, "phone", DESCRIPTION);
        assertThat(opening.resumed()).isFalse();
        assertThat(opening.recording().durableBytes()).isZero();
    }

    @Test
    public void unfinishedSessionsAreListedAsFarAsTheyAreDurable() throws Exception {
        OpenRecording recording = open(store(), ID);
        recording.append(bytes(0, 700));
        recording.force(5);
        recording.append(bytes(700, 100));
        open(store(), new SessionId("done")).save(0, null, 0);

        List<Unfinished> unfinished = restarted().unfinished();

        assertThat(unfinished).hasSize(1);
        Unfinished found = unfinished.get(0);
        assertThat(found.id()).isEqualTo(ID);
        assertThat(found.device()).isEqualTo("phone");
        assertThat(found.description()).isEqualTo(DESCRIPTION);
        assertThat(found.durableBytes()).isEqualTo(700);
        assertThat(found.chunks()).isEqualTo(5);
        assertThat(found.idle()).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Test
    public void recordingsOfTheSameNameDoNotMeet() throws Exception {
        OpenRecording first = open(store(), new SessionId("a"));
        OpenRecording second = open(store(), new SessionId("b"));
        first.append(bytes(0, 100));
        second.append(bytes(0, 200));

        SavedRecording firstSaved = first.save(100, null, 1);
        SavedRecording secondSaved = second.save(200, null, 1);

        assertThat(firstSaved.fileName()).isNotEqualTo(secondSaved.fileName());
        assertThat(content(new SessionId("a"), firstSaved)).isEqualTo(pattern(100));
        assertThat(content(new SessionId("b"), secondSaved)).isEqualTo(pattern(200));
    }

    @Test
    public void sessionsOfManyThreadsAreEachExact() throws Exception {
        RecordingStore store = store();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<SavedRecording>> savings = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SessionId id = new SessionId("parallel-" + i);
                savings.add(threads.submit(() -> {
                    OpenRecording recording = open(store, id);
                    for (int at = 0; at < 50_000; at += 1000) {
                        recording.append(bytes(at, 1000));
                        if (at % 5000 == 0) {
                            recording.force(at / 1000 + 1);
                        }
                    }
                    return recording.save(50_000, sha256(50_000), 50);
                }));
            }
            for (int i = 0; i < 8; i++) {
                SavedRecording saved = savings.get(i).get();
                assertThat(content(new SessionId("parallel-" + i), saved)).isEqualTo(pattern(50_000));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Opens a session that has not ended. */
    protected static OpenRecording open(RecordingStore store, SessionId id) throws StorageException {
        return ((Opening.Writable) store.open(id, "phone", DESCRIPTION)).recording();
    }

    /** A call that may fail. */
    @FunctionalInterface
    protected interface StoreCall {
        void run() throws StorageException;
    }

    /** The call has to fail that way. */
    protected static void assertFails(Kind kind, StoreCall call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    /** A piece of {@link #pattern}. */
    protected static ByteBuffer bytes(int offset, int length) {
        return ByteBuffer.wrap(Arrays.copyOfRange(pattern(offset + length), offset, offset + length));
    }

    /** The first bytes of what every test sends: random, so that any shift of it differs. */
    protected static byte[] pattern(int length) {
        return Arrays.copyOf(PATTERN, length);
    }

    /** Hash of {@link #pattern}. */
    protected static String sha256(int length) {
        return sha256(0, length);
    }

    /** Hash of a piece of {@link #pattern}. */
    protected static String sha256(int offset, int length) {
        try {
            byte[] piece = Arrays.copyOfRange(pattern(offset + length), offset, offset + length);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(piece));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
