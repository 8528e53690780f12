package io.quickdrop.server.recordings;

import static io.quickdrop.server.recordings.TwoServers.A;
import static io.quickdrop.server.recordings.TwoServers.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.ObserverMessage.InstanceName;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.RecordingStore.Unfinished;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.catalogue.Catalogue;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of two servers on one catalogue: who may go on with what, and that nobody touches what is another's. */
abstract class SharedFolderContract {
    private static final String OUT = "common";
    private static final String OTHER_OUT = "other";
    private static final SessionId S = new SessionId("session");
    private static final Description DESCRIPTION = new Description("video/webm", "webm", "kitchen", 0, null, null);

    private TwoServers both;

    abstract Catalogue catalogue() throws StorageException;

    @BeforeEach
    void openCatalogue(@TempDir Path folder) throws StorageException {
        both = new TwoServers(folder, catalogue());
    }

    @AfterEach
    void close() throws StorageException {
        both.close();
    }

    @Test
    void aSessionOfALivingServerIsNotTaken() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        FileRecordingStore b = both.start(B, OUT);
        OpenRecording recording = open(a, S);
        write(recording, "acknowledged");

        assertThatThrownBy(() -> b.open(S, "phone", DESCRIPTION))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is received by the server name of " + A);

        assertThat(b.session(S)).isEqualTo(new Whereabouts.With(server(A, a)));
        assertThat(a.session(S)).isEqualTo(new Whereabouts.Here());
        assertThat(b.session(new SessionId("new"))).isEqualTo(new Whereabouts.Here());
        write(recording, "!");
        assertThat(recording.durableBytes()).isEqualTo(13);
    }

    @Test
    void aDeadServersSessionGoesOnWhereTheFolderIsTheSame() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        FileRecordingStore b = both.start(B, OUT);
        write(open(a, S), "acknowledged ");
        both.declareDead(A);

        assertThat(b.session(S)).isEqualTo(new Whereabouts.Here());
        Opening.Writable taken = (Opening.Writable) b.open(S, "phone", DESCRIPTION);

        assertThat(taken.resumed()).isTrue();
        assertThat(taken.recording().durableBytes()).isEqualTo(13);
        write(taken.recording(), "by both");
        SavedRecording saved = taken.recording().save(20, null, 2);
        assertThat(content(OUT, saved)).isEqualTo("acknowledged by both");
        assertThat(both.partFiles(OUT)).as("the dead one's file is gone too").isEmpty();
    }

    /** The dead one only slept: its descriptor is open, its file was taken from, and it goes on as if nothing had happened. */
    @Test
    void whatASleeperWritesAfterItsSessionWasTakenIsNowhere() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        FileRecordingStore b = both.start(B, OUT);
        OpenRecording sleeper = open(a, S);
        write(sleeper, "acknowledged ");
        both.declareDead(A);
        OpenRecording taker = open(b, S);

        sleeper.append(bytes("STALE STALE STALE "));
        sleeper.replace(0, bytes("STALE"));
        assertThatThrownBy(() -> sleeper.force(2)).isInstanceOf(StorageException.class);
        write(taker, "by both");
        assertThatThrownBy(() -> sleeper.save(18, null, 2)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> sleeper.keepPartial(2)).isInstanceOf(StorageException.class);
        assertThatThrownBy(sleeper::discard).isInstanceOf(StorageException.class);
        assertThatThrownBy(sleeper::rewind).isInstanceOf(StorageException.class);
        sleeper.close();

        SavedRecording saved = taker.save(20, null, 2);
        assertThat(content(OUT, saved)).isEqualTo("acknowledged by both");
        assertThat(both.finalNames(OUT)).containsExactly(saved.fileName());
    }

    /** It wakes in the middle of another order than above: its first is the one that would cut or end the recording. */
    @Test
    void aSleeperNeitherEndsNorRemovesNorCutsWhatWasTaken() throws Exception {
        List<SleepersOrder> orders = List.of(
                sleeper -> sleeper.save(13, null, 1),
                sleeper -> sleeper.keepPartial(1),
                OpenRecording::discard,
                OpenRecording::rewind);
        FileRecordingStore b = both.start(B, OUT);
        for (int i = 0; i < orders.size(); i++) {
            SleepersOrder order = orders.get(i);
            String instance = A + i;
            SessionId id = new SessionId("session-" + i);
            OpenRecording sleeper = open(both.start(instance, OUT), id);
            write(sleeper, "acknowledged ");
            both.declareDead(instance);
            OpenRecording taker = open(b, id);

            assertThatThrownBy(() -> order.give(sleeper)).isInstanceOf(StorageException.class);

            write(taker, "by both");
            assertThat(content(OUT, taker.save(20, null, 2))).isEqualTo("acknowledged by both");
        }
        assertThat(both.finalNames(OUT)).hasSize(orders.size());
    }

    private interface SleepersOrder {
        void give(OpenRecording sleeper) throws Exception;
    }

    @Test
    void aDeadServersSessionInAnotherFolderWaitsForIt() throws Exception {
        FileRecordingStore a = both.start(A, OUT, false);
        FileRecordingStore b = both.start(B, OTHER_OUT, false);
        write(open(a, S), "acknowledged");
        both.declareDead(A);

        assertThat(b.session(S)).isInstanceOfSatisfying(Whereabouts.Away.class, away -> assertThat(away.sentence())
                .contains("name of " + A, "12 bytes are safe"));
        assertThatThrownBy(() -> b.open(S, "phone", DESCRIPTION))
                .hasMessageContaining("goes on when that server is back");

        both.comesBack(A);
        assertThat(b.session(S)).isEqualTo(new Whereabouts.With(server(A, a)));
        OpenRecording again = open(a, S);
        assertThat(again.durableBytes()).isEqualTo(12);
    }

    /** A folder that was copied bears the same id, and has not the bytes. */
    @Test
    void aCopiedFolderTakesNothingOver() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        write(open(a, S), "acknowledged");
        Path copy = Files.createDirectories(both.output(OTHER_OUT).resolve(".quickdrop"));
        Files.copy(both.output(OUT).resolve(".quickdrop/storage-id"), copy.resolve("storage-id"));
        FileRecordingStore b = both.start(B, OTHER_OUT);
        assertThat(b.place().storage()).isEqualTo(a.place().storage());
        both.declareDead(A);

        assertThatThrownBy(() -> b.open(S, "phone", DESCRIPTION)).hasMessageContaining("0 of them");
        assertThat(b.adopt(Set.of(A))).isEmpty();

        both.comesBack(A);
        assertThat(open(a, S).durableBytes()).isEqualTo(12);
    }

    @Test
    void ofTwoThatTakeOverAtOnceOneGoesOn() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        List<FileRecordingStore> takers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            takers.add(both.start("taker-" + i, OUT));
        }
        for (int round = 0; round < 10; round++) {
            SessionId id = new SessionId("session-" + round);
            both.comesBack(A);
            write(open(a, id), "acknowledged ");
            both.declareDead(A);
            ExecutorService threads = Executors.newFixedThreadPool(takers.size());
            List<Future<Boolean>> tries = new ArrayList<>();
            for (FileRecordingStore taker : takers) {
                tries.add(threads.submit(() -> {
                    try {
                        write(open(taker, id), "on");
                        return true;
                    } catch (StorageException fenced) {
                        return false;
                    }
                }));
            }
            threads.shutdown();
            int succeeded = 0;
            for (Future<Boolean> one : tries) {
                succeeded += one.get() ? 1 : 0;
            }
            assertThat(succeeded).as("round " + round).isEqualTo(1);
        }
    }

    @Test
    void aSessionThatBeginsAtTwoServersAtOnceIsOnes() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        FileRecordingStore b = both.start(B, OUT);
        for (int round = 0; round < 20; round++) {
            SessionId id = new SessionId("session-" + round);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Future<Boolean>> tries = new ArrayList<>();
            for (FileRecordingStore store : List.of(a, b)) {
                tries.add(threads.submit(() -> {
                    try {
                        write(open(store, id), "x");
                        return true;
                    } catch (StorageException others) {
                        return false;
                    }
                }));
            }
            threads.shutdown();
            assertThat(tries.get(0).get() ^ tries.get(1).get())
                    .as("round " + round)
                    .isTrue();
        }
        assertThat(both.partFiles(OUT)).hasSize(20);
    }

    @Test
    void recordingsOfTheSameNameStandBesideEachOther() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        FileRecordingStore b = both.start(B, OUT);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<SavedRecording>> saving = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            OpenRecording recording = open(i % 2 == 0 ? a : b, new SessionId("session-" + i));
            write(recording, "content " + (char) ('a' + i));
            saving.add(threads.submit(() -> recording.save(9, null, 1)));
        }
        threads.shutdown();
        for (int i = 0; i < 16; i++) {
            assertThat(content(OUT, saving.get(i).get())).isEqualTo("content " + (char) ('a' + i));
        }
        assertThat(both.finalNames(OUT)).hasSize(16);
    }

    @Test
    void namesOfDifferentFoldersDontCollide() throws Exception {
        FileRecordingStore a = both.start(A, OUT, false);
        FileRecordingStore b = both.start(B, OTHER_OUT, false);
        OpenRecording one = open(a, S);
        OpenRecording other = open(b, new SessionId("other"));
        write(one, "a");
        write(other, "b");

        assertThat(one.save(1, null, 1).fileName()).isEqualTo("take.webm");
        assertThat(other.save(1, null, 1).fileName()).isEqualTo("take.webm");
        assertThat(a.recordings().newest(10, 0)).hasSize(2);
        assertThat(b.recordings().find(S).map(Recording::instance)).contains(new InstanceName(A, "name of " + A));
        assertThat(a.recordings().find(S).map(Recording::instance)).isEmpty();
        assertThat(b.recordings().file(S)).as("the file is not here").isEmpty();
        assertThat(b.recordings().delete(S)).isFalse();
        assertThat(b.recordings().scan()).isEmpty();
        assertThat(a.recordings().find(S)).isPresent();
        assertThat(b.recording(S)).isEqualTo(new Whereabouts.With(server(A, a)));
        both.declareDead(A);
        assertThat(b.recording(S)).isInstanceOfSatisfying(Whereabouts.Away.class, away -> assertThat(away.sentence())
                .contains("take.webm", "name of " + A));
    }

    @Test
    void aStartLeavesTheFilesOfOthersAlone() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        write(open(a, S), "acknowledged");
        Path unknown = both.output(OUT).resolve(".quickdrop/incoming/server-c-0123.part");
        Files.writeString(unknown, "the row is written in a moment");
        Path own = both.output(OUT).resolve(".quickdrop/incoming/" + B + "-0123.part");
        Files.writeString(own, "a crash left it");

        FileRecordingStore b = both.start(B, OUT);

        assertThat(unknown).exists();
        assertThat(own).doesNotExist();
        assertThat(both.partFiles(OUT)).hasSize(2);
        assertThat(b.unfinished()).isEmpty();
        assertThat(a.unfinished()).extracting(Unfinished::id).containsExactly(S);
    }

    @Test
    void whatADeadServerLeftIsAdopted() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        FileRecordingStore b = both.start(B, OUT);
        write(open(a, S), "acknowledged");
        Description take = new Description("video/webm", "webm", "kitchen", 0, null, new TakePart("take", 0, 0, null));
        OpenRecording whole = ((Opening.Writable) a.open(new SessionId("part"), "phone", take)).recording();
        write(whole, "part of a take");
        whole.save(14, null, 1);
        PlaybackFiles.Job job = a.recordings().playback().next().orElseThrow();
        Files.writeString(job.fresh(), "half made");
        assertThat(b.recordings().playback().next()).as("somebody works on it").isEmpty();
        both.declareDead(A);

        List<Unfinished> adopted = b.adopt(Set.of(A));

        assertThat(adopted).extracting(Unfinished::id).containsExactly(S);
        assertThat(b.unfinished()).extracting(Unfinished::id).containsExactly(S);
        assertThat(job.fresh()).as("what the sleeper would put in place").doesNotExist();
        assertThatThrownBy(() -> a.recordings().playback().place(job, 5))
                .as("the sleeper's repair")
                .isInstanceOf(StorageException.class);
        PlaybackFiles.Job again = b.recordings().playback().next().orElseThrow();
        assertThat(again.id()).isEqualTo(job.id());
        OpenRecording taken = open(b, S);
        assertThat(taken.durableBytes()).isEqualTo(12);
        assertThatThrownBy(() -> open(a, S)).as("the sleeper's own opening").isInstanceOf(StorageException.class);
    }

    @Test
    void anEndThatADeadServerPromisedIsCompleted() throws Exception {
        TestDisk disk = new TestDisk();
        FileRecordingStore a = both.start(A, OUT, true, disk);
        FileRecordingStore b = both.start(B, OUT);
        OpenRecording recording = open(a, S);
        write(recording, "all of it");
        disk.failBy((number, call) ->
                call.contains("link") || call.contains("create") ? TestDisk.Verdict.FAILS : TestDisk.Verdict.WORKS);
        assertThatThrownBy(() -> recording.save(9, null, 1)).isInstanceOf(StorageException.class);
        both.declareDead(A);

        assertThat(b.adopt(Set.of(A))).isEmpty();

        Recording saved = b.recordings().find(S).orElseThrow();
        assertThat(Files.readString(both.output(OUT).resolve(saved.fileName()))).isEqualTo("all of it");
        assertThat(b.open(S, "phone", DESCRIPTION)).isInstanceOf(Opening.Finished.class);
    }

    @Test
    void recordingsOfACommonFolderAreServedByBothAndTakenBackByEither() throws Exception {
        FileRecordingStore a = both.start(A, OUT);
        FileRecordingStore b = both.start(B, OUT);
        OpenRecording recording = open(a, S);
        write(recording, "once");
        SavedRecording saved = recording.save(4, null, 1);

        assertThat(b.recordings().file(S))
                .contains(both.output(OUT).toRealPath().resolve(saved.fileName()));
        assertThat(b.recordings().find(S).map(Recording::instance)).isEmpty();
        assertThat(b.recordings().delete(S)).isTrue();
        assertThat(a.recordings().find(S)).isEmpty();
        assertThat(a.recordings().restore(S)).isInstanceOf(RecordingCatalogue.Restored.Back.class);
        assertThat(content(OUT, saved)).isEqualTo("once");
        assertThat(a.recordings().scan()).isEmpty();
        assertThat(b.recordings().scan()).isEmpty();
    }

    private static OpenRecording open(FileRecordingStore store, SessionId id) throws StorageException {
        return ((Opening.Writable) store.open(id, "phone", DESCRIPTION)).recording();
    }

    private static void write(OpenRecording recording, String text) throws StorageException {
        recording.append(bytes(text));
        recording.force(recording.chunks() + 1);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private String content(String output, SavedRecording saved) throws Exception {
        return Files.readString(both.output(output).resolve(saved.fileName()));
    }

    private static Servers.Server server(String id, FileRecordingStore store) {
        return new Servers.Server(
                id, "name of " + id, "https://" + id + ":8443", store.place().storage(), true);
    }
}
