package io.quickdrop.server.recordings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.KeyHash;
import io.quickdrop.server.access.PairedDevice;
import io.quickdrop.server.catalogue.DeviceTable;
import io.quickdrop.server.recordings.RecordingCatalogue.Restored;
import io.quickdrop.server.recordings.TestDisk.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingCatalogueTest {
    private static final SessionId A = new SessionId("a");
    private static final SessionId B = new SessionId("b");

    private TestStore test;

    @BeforeEach
    void openStore(@TempDir Path output) throws StorageException {
        test = new TestStore(output);
    }

    @AfterEach
    void closeStore() throws StorageException {
        test.close();
    }

    @Test
    void theNewestIsListedFirstPageByPage() throws Exception {
        save(A, "one");
        test.now = test.now.plusSeconds(1);
        save(B, "two");

        assertThat(recordings().newest(10, 0)).extracting(Recording::id).containsExactly(B, A);
        assertThat(recordings().newest(1, 1)).extracting(Recording::id).containsExactly(A);
        assertThatThrownBy(() -> recordings().newest(RecordingCatalogue.MAX_PAGE + 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("500");
    }

    @Test
    void aRecordingSaysWhoSentItByName() throws Exception {
        DeviceTable devices = new DeviceTable(test.catalogue, () -> test.now);
        PairedDevice phone = new PairedDevice("phone", "Pixel 8", test.now, test.now, false);
        devices.insert(phone, KeyHash.of("key"));
        save(test, DeviceName.of(phone), A, "one");
        assertThat(devices.revoke("phone"))
                .as("and keeps saying so when the phone is revoked")
                .isTrue();

        Recording found = recordings().find(A).orElseThrow();

        assertThat(found.peer()).isEqualTo("Pixel 8");
        assertThat(found.bytes()).isEqualTo(3);
        assertThat(found.fileName()).isEqualTo("take.webm");
        assertThat(found.savedTs()).isEqualTo(test.now.toEpochMilli());
        assertThat(found.gaps()).isEmpty();
        assertThat(found.path()).isNull();
        assertThat(recordings().file(A))
                .contains(test.store.recordings().file(A).orElseThrow());
    }

    @Test
    void aLabelIsForPeopleAndLeavesTheFileAlone() throws Exception {
        save(A, "one");

        assertThat(recordings().label(A, "Grandma's garden").orElseThrow().label())
                .isEqualTo("Grandma's garden");
        assertThat(recordings().label(B, "x")).isEmpty();
        assertThat(test.finalNames()).containsExactly("take.webm");
    }

    @Test
    void aDeletedRecordingComesBackWithinTheTimeToUndo() throws Exception {
        save(A, "one");

        assertThat(recordings().delete(A)).isTrue();
        assertThat(recordings().delete(A)).isFalse();
        assertThat(test.finalNames()).isEmpty();
        assertThat(test.trashNames()).hasSize(1);
        assertThat(recordings().find(A)).isEmpty();

        test.now = test.now.plus(TestStore.UNDO).minusMillis(1);
        recordings().purge(test.now);
        assertThat(recordings().restore(A)).isInstanceOf(Restored.Back.class);
        assertThat(test.output.resolve("take.webm")).hasContent("one");
        assertThat(test.trashNames()).isEmpty();
        assertThat(recordings().restore(A)).isInstanceOf(Restored.Unknown.class);
    }

    @Test
    void aDeletedRecordingIsGoneAfterThatAndThePhoneIsStillTold() throws Exception {
        save(A, "one");
        recordings().delete(A);
        test.now = test.now.plus(TestStore.UNDO);

        assertThat(recordings().restore(A)).isInstanceOf(Restored.TooLate.class);
        assertThat(recordings().purge(test.now)).isEqualTo(1);
        assertThat(test.trashNames()).isEmpty();
        assertThat(recordings().restore(A)).isInstanceOf(Restored.TooLate.class);
        assertThat(test.store.open(A, "phone", StubbornSender.DESCRIPTION)).isInstanceOf(Opening.Finished.class);

        recordings().purge(test.now.plus(Duration.ofDays(181)));
        assertThat(recordings().restore(A)).isInstanceOf(Restored.Unknown.class);
    }

    @Test
    void whatIsOverIsPurgedAtTheStart() throws Exception {
        save(A, "one");
        recordings().delete(A);
        test.now = test.now.plus(TestStore.UNDO);

        test.restart();

        assertThat(test.trashNames()).isEmpty();
    }

    @Test
    void aRestoredRecordingGivesWayToANewOneOfItsName() throws Exception {
        save(A, "one");
        recordings().delete(A);
        save(B, "two");

        Restored restored = recordings().restore(A);

        assertThat(((Restored.Back) restored).recording().fileName()).isEqualTo("take-2.webm");
        assertThat(test.output.resolve("take.webm")).hasContent("two");
        assertThat(test.output.resolve("take-2.webm")).hasContent("one");
    }

    @Test
    void aFileThatTheUserTookAwayLeavesTheListAndComesBackWithIt() throws Exception {
        save(A, "one");
        Path elsewhere = test.output.resolve(".quickdrop/elsewhere");
        Files.move(test.output.resolve("take.webm"), elsewhere);

        assertThat(recordings().file(A)).isEmpty();
        assertThat(recordings().scan()).containsExactly(A);
        assertThat(recordings().newest(10, 0)).isEmpty();
        assertThat(test.store.open(A, "phone", StubbornSender.DESCRIPTION)).isInstanceOf(Opening.Finished.class);

        Files.move(elsewhere, test.output.resolve("take.webm"));
        assertThat(recordings().scan()).containsExactly(A);
        assertThat(recordings().newest(10, 0)).extracting(Recording::id).containsExactly(A);
        assertThat(recordings().scan()).isEmpty();
    }

    @Test
    void aFolderThatIsAwayChangesNothing() throws Exception {
        save(A, "one");
        Path away = test.output.resolveSibling(test.output.getFileName() + "-away");
        Files.move(test.output, away);
        try {
            assertThat(recordings().scan()).isEmpty();
        } finally {
            Files.move(away, test.output);
        }
        assertThat(recordings().find(A)).isPresent();
    }

    @Test
    void theNameOfAMissingRecordingIsFreeForAnother() throws Exception {
        save(A, "one");
        Files.delete(test.output.resolve("take.webm"));

        save(B, "three");

        assertThat(recordings().newest(10, 0)).extracting(Recording::id).containsExactly(B);
        assertThat(recordings().find(B).orElseThrow().fileName()).isEqualTo("take.webm");
    }

    @Test
    void aCrashWhileDeletingOrRestoringLosesNothing(@TempDir(factory = MemoryFolder.class) Path folder)
            throws Exception {
        for (int dying = 1; dying <= 14; dying++) {
            for (boolean restoring : new boolean[] {false, true}) {
                int last = dying;
                try (TestStore crashing = new TestStore(folder.resolve(dying + "-" + restoring))) {
                    save(crashing, A, "one");
                    if (restoring) {
                        crashing.store.recordings().delete(A);
                    }
                    crashing.disk.failBy((number, call) ->
                            number < last ? Verdict.WORKS : number == last ? Verdict.FAILS_AFTERWARDS : Verdict.FAILS);
                    try {
                        if (restoring) {
                            crashing.store.recordings().restore(A);
                        } else {
                            crashing.store.recordings().delete(A);
                        }
                    } catch (StorageException e) {
                        assertThat(e).isNotNull();
                    }
                    crashing.powerCut();

                    boolean listed = crashing.store.recordings().find(A).isPresent();
                    assertThat(crashing.finalNames()).hasSize(listed ? 1 : 0);
                    assertThat(crashing.trashNames()).hasSize(listed ? 0 : 1);
                    if (!listed) {
                        assertThat(crashing.store.recordings().restore(A)).isInstanceOf(Restored.Back.class);
                    }
                    assertThat(crashing.output.resolve("take.webm")).hasContent("one");
                }
            }
        }
    }

    private RecordingCatalogue recordings() {
        return test.store.recordings();
    }

    private void save(SessionId id, String content) throws Exception {
        save(test, id, content);
    }

    private static void save(TestStore into, SessionId id, String content) throws Exception {
        save(into, "phone", id, content);
    }

    private static void save(TestStore into, String device, SessionId id, String content) throws Exception {
        Description description = StubbornSender.DESCRIPTION;
        OpenRecording recording = ((Opening.Writable) into.store.open(id, device, description)).recording();
        byte[] bytes = content.getBytes(UTF_8);
        recording.append(ByteBuffer.wrap(bytes));
        recording.save(bytes.length, null, 1);
    }
}
