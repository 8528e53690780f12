package io.quickdrop.server.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.RecordingStoreContract;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.recordings.TestDisk.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRecordingStoreTest extends RecordingStoreContract {
    private static final Set<String> DEVICE_CALLS = Set.of("write", "force");

    private TestStore test;

    @BeforeEach
    void openStore(@TempDir Path output) throws StorageException {
        test = new TestStore(output);
    }

    @AfterEach
    void closeStore() throws StorageException {
        test.close();
    }

    @Override
    protected RecordingStore store() {
        return test.store;
    }

    @Override
    protected RecordingStore restarted() throws StorageException, IOException {
        return test.powerCut();
    }

    @Override
    protected byte[] content(SessionId id, SavedRecording saved) throws IOException {
        return Files.readAllBytes(test.output.resolve(saved.fileName()));
    }

    @Override
    protected void roomFor(long bytes) {
        test.disk.say(bytes);
        test.now = test.now.plusSeconds(1);
    }

    @Override
    protected void deviceBroken(boolean broken) {
        test.disk.failBy(
                !broken
                        ? TestDisk.NONE
                        : (number, call) -> DEVICE_CALLS.contains(call) ? Verdict.FAILS : Verdict.WORKS);
    }

    @Test
    void aFinalNameStandsOnlyForAWholeRecording() throws Exception {
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        assertThat(test.finalNames()).isEmpty();
        assertThat(test.incomingNames()).hasSize(1);

        recording.save(1000, null, 1);

        assertThat(test.finalNames()).containsExactly("take.webm");
        assertThat(test.incomingNames()).isEmpty();
    }

    @Test
    void aFileOfTheUserIsNeverReplaced() throws Exception {
        Files.writeString(test.output.resolve("take.webm"), "the user's own");
        Files.createSymbolicLink(test.output.resolve("take-2.webm"), Path.of("nowhere"));

        SavedRecording saved = open(test.store, ID).save(0, null, 0);

        assertThat(saved.fileName()).isEqualTo("take-3.webm");
        assertThat(test.output.resolve("take.webm")).hasContent("the user's own");
        assertThat(Files.isSymbolicLink(test.output.resolve("take-2.webm"))).isTrue();
    }

    @Test
    void aNameThatIsTakenAtTheLastMomentIsLeftAlone() throws Exception {
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 10));
        test.disk.failBy((number, call) -> {
            if (call.equals("link") && !Files.exists(test.output.resolve("take.webm"))) {
                write(test.output.resolve("take.webm"), "the user's own");
            }
            return Verdict.WORKS;
        });

        assertThat(recording.save(10, null, 1).fileName()).isEqualTo("take-2.webm");
        assertThat(test.output.resolve("take.webm")).hasContent("the user's own");
    }

    @Test
    void aFileThatFailedAForceIsGivenUpForACopy() throws Exception {
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        String before = test.incomingNames().get(0);
        recording.append(bytes(1000, 1000));
        deviceBroken(true);
        assertFails(StorageException.Kind.FAILED, () -> recording.force(2));
        deviceBroken(false);

        recording.rewind();

        assertThat(test.incomingNames()).hasSize(1).doesNotContain(before);
        assertThat(recording.matches(0, bytes(0, 1000))).isTrue();
    }

    @Test
    void aFullDiskNeedsNoRoomForACopy() throws Exception {
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        String before = test.incomingNames().get(0);
        roomFor(0);
        assertFails(StorageException.Kind.FULL, () -> recording.append(bytes(1000, 1)));
        roomFor(1_000_000);

        recording.rewind();

        assertThat(test.incomingNames()).containsExactly(before);
    }

    @Test
    void withoutHardLinksAReservedNameIsReplaced() throws Exception {
        test.disk.withoutHardLinks();
        Files.writeString(test.output.resolve("take.webm"), "");
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 10));

        SavedRecording saved = recording.save(10, null, 1);

        assertThat(saved.fileName()).isEqualTo("take-2.webm");
        assertThat(content(ID, saved)).isEqualTo(pattern(10));
        assertThat(test.output.resolve("take.webm")).isEmptyFile();
        assertThat(test.incomingNames()).isEmpty();
    }

    @Test
    void whatArrivesIsForItsUserAlone() throws Exception {
        open(test.store, ID);
        Path incoming = test.output.resolve(".quickdrop/incoming");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(incoming)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                        incoming.resolve(test.incomingNames().get(0)))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatSomebodyCutGoesOnFromWhatIsLeft() throws Exception {
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        Path part = test.output.resolve(
                ".quickdrop/incoming/" + test.incomingNames().get(0));
        byte[] half = pattern(400);
        Files.write(part, half);

        OpenRecording again = open(test.restart(), ID);

        assertThat(again.durableBytes()).isEqualTo(400);
        again.append(bytes(400, 600));
        assertThat(content(ID, again.save(1000, sha256(1000), 2))).isEqualTo(pattern(1000));
    }

    @Test
    void aFileThatSomebodyRemovedBeginsAgain() throws Exception {
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        Files.delete(test.output.resolve(
                ".quickdrop/incoming/" + test.incomingNames().get(0)));

        Opening.Writable opening = (Opening.Writable) test.restart().open(ID, "phone", DESCRIPTION);

        assertThat(opening.resumed()).isTrue();
        assertThat(opening.recording().durableBytes()).isZero();
        opening.recording().append(bytes(0, 10));
        assertThat(content(ID, opening.recording().save(10, sha256(10), 1))).isEqualTo(pattern(10));
    }

    @Test
    void filesOfNoSessionAreRemovedAtTheStart() throws Exception {
        Files.writeString(test.output.resolve(".quickdrop/incoming/0123.part"), "left by a crash");

        test.restart();

        assertThat(test.incomingNames()).isEmpty();
    }

    @Test
    void bytesThatALostCatalogueKnewArePutAside() throws Exception {
        OpenRecording recording = open(test.store, ID);
        recording.append(bytes(0, 1000));
        recording.force(1);
        test.close();
        String part = test.incomingNames().get(0);
        for (String name : new String[] {"catalogue.db", "catalogue.db-wal", "catalogue.db-shm"}) {
            Files.deleteIfExists(test.output.resolve(".quickdrop/" + name));
        }

        test.open();

        assertThat(test.incomingNames()).isEmpty();
        assertThat(Files.readAllBytes(test.output.resolve(".quickdrop/lost/" + part)))
                .isEqualTo(pattern(1000));
    }

    @Test
    void theReserveIsNotTouched(@TempDir Path output) throws Exception {
        StoreSettings settings = new StoreSettings(output, test.output.resolve(".quickdrop"), 1000, Duration.ZERO);
        test.disk.say(2000L);
        try (FileRecordingStore reserving =
                new FileRecordingStore(settings, test.catalogue, TestStore::name, () -> test.now, test.disk)) {
            assertThat(reserving.freeBytes()).isEqualTo(1000);
            OpenRecording recording = open(reserving, ID);
            recording.append(bytes(0, 600));
            test.disk.say(1400L);

            assertFails(StorageException.Kind.FULL, () -> recording.append(bytes(600, 401)));

            assertThat(recording.durableBytes()).isZero();
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
