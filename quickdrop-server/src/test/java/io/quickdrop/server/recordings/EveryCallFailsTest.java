package io.quickdrop.server.recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.recordings.TestDisk.Fault;
import io.quickdrop.server.recordings.TestDisk.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each call that a whole upload makes to the disk or the catalogue fails, one after the other, in every way: before or
 * after it worked, once or several times in a row, and as the last thing the process did. Whatever fails, nothing
 * acknowledged is lost, the upload completes once the fault is over, and no file stands in the folder but the whole one.
 */
class EveryCallFailsTest {
    private static final int SEVERAL = 7;
    /** More than mending and saving take where nothing fails. */
    private static final int MENDING_CALLS = 45;

    private Path folder;

    @BeforeEach
    void useFolder(@TempDir(factory = MemoryFolder.class) Path fresh) {
        folder = fresh;
    }

    @ParameterizedTest(name = "hard links {0}, {1} in a row, {2}")
    @CsvSource({
        "true,  1, FAILS",
        "true,  1, FAILS_AFTERWARDS",
        "true,  7, FAILS",
        "true,  7, FAILS_AFTERWARDS",
        "false, 1, FAILS",
        "false, 1, FAILS_AFTERWARDS",
        "false, 7, FAILS",
    })
    void aFailingCallLosesNothing(boolean hardLinks, int inARow, Verdict verdict) throws Exception {
        int calls = countCalls(hardLinks);
        for (int failing = 1; failing <= calls; failing++) {
            int first = failing;
            Path output = folder.resolve("run-" + failing);
            try (TestStore test = store(output, hardLinks)) {
                StubbornSender sender = new StubbornSender();
                test.disk.failBy(
                        (number, call) -> number >= first && number < first + inARow ? verdict : Verdict.WORKS);

                SavedRecording saved = sender.send(test.store);

                check(test, sender, saved, "call " + failing + " of " + calls + ": " + test.disk.calls());
            }
        }
    }

    @ParameterizedTest(name = "hard links {0}, {1}, power cut {2}")
    @CsvSource({
        "true,  FAILS_AFTERWARDS, true",
        "true,  FAILS,            false",
        "true,  FAILS_AFTERWARDS, false",
        "false, FAILS,            false",
        "false, FAILS_AFTERWARDS, false",
        "false, FAILS_AFTERWARDS, true",
    })
    void aCrashAtAnyCallLosesNothing(boolean hardLinks, Verdict last, boolean powerCut) throws Exception {
        int calls = countCalls(hardLinks);
        for (int dying = 1; dying <= calls; dying++) {
            Path output = folder.resolve("run-" + dying);
            try (TestStore test = store(output, hardLinks)) {
                StubbornSender sender = new StubbornSender(3);
                test.disk.failBy(diesAt(dying, last));
                String description = "dying at call " + dying + " of " + calls;
                try {
                    sender.send(test.store);
                } catch (StorageException e) {
                    assertThat(e).as(description).isNotNull();
                }
                if (powerCut) {
                    test.powerCut();
                } else {
                    test.restart();
                }

                assertNoStray(test, sender, description);
                SavedRecording saved = sender.send(test.store);

                check(test, sender, saved, description);
            }
        }
    }

    @ParameterizedTest(name = "hard links {0}")
    @CsvSource({"true", "false"})
    void aCrashWhileKeepingAPartialOneLosesNothing(boolean hardLinks) throws Exception {
        StubbornSender sender = new StubbornSender();
        for (int dying = 1; dying <= 30; dying++) {
            try (TestStore test = store(folder.resolve("run-" + dying), hardLinks)) {
                OpenRecording recording = openAndForce(test, sender);
                test.disk.failBy(diesAt(dying, Verdict.FAILS_AFTERWARDS));
                try {
                    recording.keepPartial(2);
                } catch (StorageException e) {
                    assertThat(e).isNotNull();
                }
                Opening opening = test.powerCut().open(StubbornSender.ID, "phone", StubbornSender.DESCRIPTION);
                SavedRecording saved = opening instanceof Opening.Finished finished
                        ? finished.recording()
                        : ((Opening.Writable) opening).recording().keepPartial(2);

                assertThat(saved).isEqualTo(new SavedRecording("take.partial.webm", 5000, 2, null, true));
                assertThat(test.finalNames()).containsExactly("take.partial.webm");
                assertThat(Files.readAllBytes(test.output.resolve(saved.fileName())))
                        .isEqualTo(sender.prefix(5000));
                assertThat(test.incomingNames()).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "hard links {0}")
    @CsvSource({"true", "false"})
    void aDiscardThatFailedIsRepeatedAndLeavesNothing(boolean hardLinks) throws Exception {
        StubbornSender sender = new StubbornSender();
        for (int failing = 1; failing <= 12; failing++) {
            int first = failing;
            try (TestStore test = store(folder.resolve("run-" + failing), hardLinks)) {
                OpenRecording recording = openAndForce(test, sender);
                // Its end is decided and named, and only the catalogue does not know it yet.
                test.disk.failBy(
                        (number, call) -> call.equals("syncFolder") ? Verdict.FAILS_AFTERWARDS : Verdict.WORKS);
                assertThatThrownBy(() -> recording.save(5000, null, 2)).isInstanceOf(StorageException.class);
                test.disk.failBy((number, call) -> number == first ? Verdict.FAILS_AFTERWARDS : Verdict.WORKS);
                try {
                    recording.discard();
                } catch (StorageException e) {
                    recording.discard();
                }
                assertThat(test.store.unfinished()).isEmpty();
                assertThat(test.finalNames()).isEmpty();
                test.restart();
                assertThat(test.incomingNames()).isEmpty();
                assertThat(test.finalNames()).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "{0} in a row, {1}")
    @CsvSource({"1, FAILS", "1, FAILS_AFTERWARDS", "5, FAILS"})
    void aCallThatFailsWhileAMismatchIsMendedLosesNothing(int inARow, Verdict verdict) throws Exception {
        for (int failing = 1; failing <= MENDING_CALLS; failing++) {
            int first = failing;
            try (TestStore test = store(folder.resolve("run-" + failing), true)) {
                StubbornSender sender = new StubbornSender();
                OpenRecording recording = sender.sendDamaged(test.store);
                test.disk.failBy(
                        (number, call) -> number >= first && number < first + inARow ? verdict : Verdict.WORKS);

                SavedRecording saved = sender.mendDamaged(recording);

                check(test, sender, saved, "call " + failing + ": " + test.disk.calls());
            }
        }
    }

    @ParameterizedTest(name = "{0}, power cut {1}")
    @CsvSource({"FAILS, true", "FAILS_AFTERWARDS, true", "FAILS_AFTERWARDS, false"})
    void aCrashWhileAMismatchIsMendedLosesNothing(Verdict last, boolean powerCut) throws Exception {
        for (int dying = 1; dying <= MENDING_CALLS; dying++) {
            try (TestStore test = store(folder.resolve("run-" + dying), true)) {
                StubbornSender sender = new StubbornSender(3);
                OpenRecording recording = sender.sendDamaged(test.store);
                test.disk.failBy(diesAt(dying, last));
                String description = "dying at call " + dying;
                try {
                    sender.mendDamaged(recording);
                } catch (StorageException e) {
                    assertThat(e).as(description).isNotNull();
                }
                RecordingStore again = powerCut ? test.powerCut() : test.restart();

                assertNoStray(test, sender, description);
                Opening opening = again.open(StubbornSender.ID, "phone", StubbornSender.DESCRIPTION);
                SavedRecording saved = opening instanceof Opening.Finished finished
                        ? finished.recording()
                        : sender.mendDamaged(((Opening.Writable) opening).recording());

                check(test, sender, saved, description);
            }
        }
    }

    private static Fault diesAt(int dying, Verdict last) {
        return (number, call) -> number < dying ? Verdict.WORKS : number == dying ? last : Verdict.FAILS;
    }

    private static OpenRecording openAndForce(TestStore test, StubbornSender sender) throws StorageException {
        OpenRecording recording = ((Opening.Writable)
                        test.store.open(StubbornSender.ID, "phone", StubbornSender.DESCRIPTION))
                .recording();
        recording.append(ByteBuffer.wrap(sender.bytes(), 0, 5000));
        recording.force(2);
        return recording;
    }

    /** How many calls an upload makes where nothing fails, and some for the repairs of those that do. */
    private int countCalls(boolean hardLinks) throws Exception {
        try (TestStore test = store(folder.resolve("count-" + hardLinks), hardLinks)) {
            test.disk.failBy(TestDisk.NONE);
            new StubbornSender().send(test.store);
            return test.disk.calls().size() + SEVERAL;
        }
    }

    private static TestStore store(Path output, boolean hardLinks) throws StorageException {
        TestStore test = new TestStore(output);
        if (!hardLinks) {
            test.disk.withoutHardLinks();
        }
        return test;
    }

    private static void check(TestStore test, StubbornSender sender, SavedRecording saved, String description)
            throws IOException, StorageException {
        assertThat(saved.sha256()).as(description).isEqualTo(sender.sha256());
        assertThat(saved.bytes()).as(description).isEqualTo(StubbornSender.TOTAL_BYTES);
        assertNoStray(test, sender, description);
        assertThat(test.finalNames()).as(description).containsExactly(saved.fileName());
        assertThat(test.powerCut().open(StubbornSender.ID, "phone", StubbornSender.DESCRIPTION))
                .as(description)
                .isEqualTo(new Opening.Finished(saved, "phone"));
        assertThat(test.incomingNames()).as(description).isEmpty();
    }

    /** Whatever has a final name is whole. */
    private static void assertNoStray(TestStore test, StubbornSender sender, String description) throws IOException {
        List<String> names = test.finalNames();
        assertThat(names).as(description).hasSizeLessThanOrEqualTo(1);
        for (String name : names) {
            assertThat(StubbornSender.sha256(Files.readAllBytes(test.output.resolve(name))))
                    .as(description)
                    .isEqualTo(sender.sha256());
        }
    }
}
