package io.quickdrop.server.recordings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.ObserverMessage.Playback;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.recordings.PlaybackFiles.Job;
import io.quickdrop.server.recordings.TestDisk.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A repaired file takes the final name. Whatever call fails or is the process's last, a whole file stands under that name, the
 * catalogue tells which, and the repair is completed or begins again.
 */
class PlacingTest {
    private static final SessionId A = new SessionId("a");
    private static final String RECEIVED = "as it was received";
    /** As long as what was received: only its hash tells it apart. */
    private static final String SAME_LENGTH = "as it was repaired";

    private static final String LONGER = "as it was repaired, with an index";
    private static final long DURATION_MS = 12_345;

    private Path folder;

    @BeforeEach
    void useFolder(@TempDir(factory = MemoryFolder.class) Path fresh) {
        folder = fresh;
    }

    @ParameterizedTest(name = "hard links {0}, {1}, power cut {2}, same length {3}")
    @CsvSource({
        "true,  FAILS_AFTERWARDS, true,  false",
        "true,  FAILS,            true,  true",
        "true,  FAILS_AFTERWARDS, false, true",
        "true,  FAILS,            false, false",
        "false, FAILS_AFTERWARDS, true,  false",
        "false, FAILS,            false, true",
    })
    void aCrashAtAnyStepLeavesAWholeFileAndATrueCatalogue(
            boolean hardLinks, Verdict last, boolean powerCut, boolean sameLength) throws Exception {
        String fresh = sameLength ? SAME_LENGTH : LONGER;
        int calls = countCalls(hardLinks, fresh);
        for (int dying = 1; dying <= calls; dying++) {
            int step = dying;
            try (TestStore test = store("crash-" + dying, hardLinks)) {
                save(test);
                Job job = test.store.recordings().playback().next().orElseThrow();
                Files.writeString(job.fresh(), fresh);
                test.disk.failBy(
                        (number, call) -> number < step ? Verdict.WORKS : number == step ? last : Verdict.FAILS);
                tryToPlace(test, job);
                if (powerCut) {
                    test.powerCut();
                } else {
                    test.restart();
                }

                checkWhole(test, fresh, "dying at call " + dying + " of " + calls);
                repairUntilReady(test, fresh);
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1} in a row")
    @CsvSource({"FAILS, 1", "FAILS_AFTERWARDS, 1", "FAILS, 4", "FAILS_AFTERWARDS, 4"})
    void aFailingCallLeavesAWholeFileAndTheRepairBeginsAgain(Verdict verdict, int inARow) throws Exception {
        int calls = countCalls(true, LONGER);
        for (int failing = 1; failing <= calls; failing++) {
            int first = failing;
            try (TestStore test = store("fail-" + failing, true)) {
                save(test);
                Job job = test.store.recordings().playback().next().orElseThrow();
                Files.writeString(job.fresh(), LONGER);
                test.disk.failBy(
                        (number, call) -> number >= first && number < first + inARow ? verdict : Verdict.WORKS);
                tryToPlace(test, job);
                test.disk.failBy(TestDisk.NONE);
                test.store.recordings().playback().later(job);

                checkWhole(test, LONGER, "failing at call " + failing + " of " + calls);
                repairUntilReady(test, LONGER);
            }
        }
    }

    @Test
    void aTakeThatWasDeletedMeanwhileIsLeftAloneAndWaitsAgain() throws Exception {
        try (TestStore test = store("deleted", true)) {
            save(test);
            Job job = test.store.recordings().playback().next().orElseThrow();
            Files.writeString(job.fresh(), LONGER);
            test.store.recordings().delete(A);

            assertThat(test.store.recordings().playback().place(job, DURATION_MS))
                    .isFalse();

            assertThat(test.finalNames()).isEmpty();
            assertThat(test.store.recordings().playback().next())
                    .as("while it is in the trash")
                    .isEmpty();
            test.store.recordings().restore(A);
            assertThat(content(test)).isEqualTo(RECEIVED);
            repairUntilReady(test, LONGER);
        }
    }

    @Test
    void deletingARepairedTakeTakesItsReceivedBytesAlong() throws Exception {
        try (TestStore test = store("removed", true)) {
            save(test);
            repairUntilReady(test, LONGER);
            assertThat(files(test, "received")).hasSize(1);

            test.store.recordings().delete(A);
            test.now = test.now.plus(TestStore.UNDO);
            test.store.recordings().purge(test.now);
            test.store.recordings().purge(test.now);

            assertThat(files(test, "received")).isEmpty();
        }
    }

    @Test
    void aTakeWaitsWhileThereIsNoRoomForItsCopy() throws Exception {
        try (TestStore test = store("full", true)) {
            save(test);
            test.disk.say(1_000L);
            assertThat(test.store.recordings().playback().next()).isEmpty();
            assertThat(playback(test).state()).isEqualTo("waiting");

            test.disk.say(null);
            repairUntilReady(test, LONGER);
        }
    }

    @Test
    void receivedBytesGoBeforeTheirTimeWhereRoomIsScarce() throws Exception {
        try (TestStore test = store("scarce", true)) {
            save(test);
            repairUntilReady(test, LONGER);

            test.disk.say(50L * 1024 * 1024);
            test.store.recordings().purge(test.now);

            assertThat(files(test, "received")).isEmpty();
            assertThat(content(test)).isEqualTo(LONGER);
        }
    }

    private static void tryToPlace(TestStore test, Job job) {
        try {
            test.store.recordings().playback().place(job, DURATION_MS);
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("fail");
        }
    }

    private static void checkWhole(TestStore test, String fresh, String when) throws Exception {
        Recording recording = test.store.recordings().find(A).orElseThrow();
        boolean ready = Objects.requireNonNull(recording.playback()).state().equals("ready");
        assertThat(content(test)).as(when).isEqualTo(ready ? fresh : RECEIVED);
        assertThat(test.store.recordings().scan()).as(when).isEmpty();
        assertThat(recording.bytes()).as(when).isEqualTo(RECEIVED.length());
        Path received = test.store.recordings().playback().received(A).orElseThrow();
        assertThat(Files.readString(received)).as(when).isEqualTo(RECEIVED);
        assertThat(test.finalNames()).as(when).containsExactly("take.webm");
    }

    /** What the workshop does, with a child that always succeeds. */
    private static void repairUntilReady(TestStore test, String fresh) throws Exception {
        PlaybackFiles files = test.store.recordings().playback();
        if (!playback(test).state().equals("ready")) {
            Job job = files.next().orElseThrow();
            assertThat(Files.readString(job.source())).isEqualTo(RECEIVED);
            Files.writeString(job.fresh(), fresh);
            assertThat(files.place(job, DURATION_MS)).isTrue();
        }
        Recording recording = test.store.recordings().find(A).orElseThrow();
        assertThat(playback(test).state()).isEqualTo("ready");
        assertThat(playback(test).bytes()).isEqualTo(fresh.length());
        assertThat(recording.ms()).isEqualTo(DURATION_MS);
        assertThat(content(test)).isEqualTo(fresh);
        assertThat(Files.readString(files.received(A).orElseThrow())).isEqualTo(RECEIVED);
        assertThat(files(test, "work")).isEmpty();
        assertThat(files.next()).isEmpty();
    }

    private int countCalls(boolean hardLinks, String fresh) throws Exception {
        try (TestStore test = store("count", hardLinks)) {
            save(test);
            Job job = test.store.recordings().playback().next().orElseThrow();
            Files.writeString(job.fresh(), fresh);
            test.disk.failBy(TestDisk.NONE);
            test.store.recordings().playback().place(job, DURATION_MS);
            return test.disk.calls().size();
        }
    }

    private TestStore store(String name, boolean hardLinks) throws StorageException {
        TestStore test = new TestStore(folder.resolve(name));
        if (!hardLinks) {
            test.disk.withoutHardLinks();
        }
        return test;
    }

    private static void save(TestStore test) throws Exception {
        Description description = new Description("video/webm", "webm", null, 1, null, new TakePart("t", 0, 0, null));
        OpenRecording recording = ((Opening.Writable) test.store.open(A, "phone", description)).recording();
        recording.append(ByteBuffer.wrap(RECEIVED.getBytes(UTF_8)));
        recording.save(RECEIVED.length(), null, 1);
    }

    private static Playback playback(TestStore test) throws StorageException {
        return Objects.requireNonNull(
                test.store.recordings().find(A).orElseThrow().playback());
    }

    private static String content(TestStore test) throws Exception {
        return Files.readString(test.store.recordings().file(A).orElseThrow());
    }

    private static List<Path> files(TestStore test, String name) throws Exception {
        try (Stream<Path> files = Files.list(test.output.resolve(".quickdrop").resolve(name))) {
            return files.toList();
        }
    }
}
