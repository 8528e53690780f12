package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.KeyHash;
import io.quickdrop.server.access.PairedDevice;
import io.quickdrop.server.catalogue.LifeTable.Life;
import io.quickdrop.server.catalogue.RecordingRow.State;
import io.quickdrop.server.catalogue.TestCatalogue.Kind;
import io.quickdrop.server.catalogue.UploadRow.Ending;
import io.quickdrop.server.catalogue.UploadTable.NameOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of uploads, recordings, what is made of them and how long they wait, on every store. */
class UploadTablesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T14:03:09.123Z");
    private static final SessionId A = new SessionId("session-a");
    private static final SessionId B = new SessionId("session-b");
    private static final String HASH = "a".repeat(64);
    private static final Description PLAIN = new Description("video/mp4", "mp4", null, 1, null);
    private static final Description PART = new Description(
            "video/mp4", "mp4", "Zoë's take", 77, 1_000_000_000_000L, new TakePart("take", 2, 300, "call"));

    @Nested
    class OnSqlite extends OnStore {
        OnSqlite() {
            super(Kind.SQLITE);
        }
    }

    @Nested
    class InMemory extends OnStore {
        InMemory() {
            super(Kind.MEMORY);
        }
    }

    @Nested
    class OnPostgres extends OnStore {
        OnPostgres() {
            super(Kind.POSTGRES);
        }
    }

    abstract static class OnStore {
        private final Kind kind;
        private final Place here = new Place("here", "shared");
        private final Place there = new Place("there", "shared");
        private TestCatalogue store;
        private UploadTable uploads;
        private UploadTable others;
        private RecordingTable recordings;

        OnStore(Kind kind) {
            this.kind = kind;
        }

        @BeforeEach
        void open(@TempDir Path folder) throws StorageException {
            store = TestCatalogue.open(kind, folder);
            uploads = new UploadTable(store.first(), here);
            others = new UploadTable(store.second(), there);
            recordings = new RecordingTable(store.first(), here);
        }

        @AfterEach
        void close() throws StorageException {
            store.close();
        }

        private UploadRow begun(SessionId id, Description description) throws StorageException {
            uploads.insert(id, "phone", "part-" + id, description, NOW);
            return uploads.find(id).orElseThrow();
        }

        private RecordingRow saved(SessionId id, String name) throws StorageException {
            UploadRow row = begun(id, PART);
            uploads.commitOffset(id, row.epoch(), row.partFile(), 10, 1, NOW);
            Ending ending = new Ending(name, HASH, false, true);
            UploadRow ended = uploads.find(id).orElseThrow();
            assertThat(uploads.decideEnding(ended, ending, NOW)).isEqualTo(NameOutcome.GIVEN);
            assertThat(uploads.finish(ended.ending(ending), ending, NOW)).isTrue();
            return recordings.find(id).orElseThrow();
        }

        @Test
        void anUploadIsKeptWholeAndInsertedOnce() throws Exception {
            UploadRow row = begun(A, PART);
            assertThat(row.description()).isEqualTo(PART);
            assertThat(row.epoch()).isEqualTo(1);
            assertThat(row.begun()).isEqualTo(NOW);
            assertThat(row.ending()).isNull();
            others.insert(A, "another", "another", PLAIN, NOW.plusSeconds(1));
            assertThat(others.find(A)).contains(row);
            assertThat(begun(B, PLAIN).description()).isEqualTo(PLAIN);
            assertThat(uploads.all()).extracting(UploadRow::id).containsExactly(A, B);
            assertThat(uploads.mine()).hasSize(2);
            assertThat(others.mine()).isEmpty();
        }

        @Test
        void ofManyWhoTakeAnUploadOverInOneMomentOneHasIt() throws Exception {
            for (int round = 0; round < 10; round++) {
                SessionId id = new SessionId("race-" + round);
                UploadRow row = begun(id, PLAIN);
                List<Boolean> taken = Races.together(List.of(
                        () -> uploads.takeOver(row),
                        () -> others.takeOver(row),
                        () -> uploads.takeOver(row),
                        () -> others.takeOver(row)));
                assertThat(taken).containsOnlyOnce(true);
                UploadRow after = uploads.find(id).orElseThrow();
                assertThat(after.epoch()).isEqualTo(2);
                assertThat(after.owner()).isEqualTo(taken.indexOf(true) % 2 == 0 ? "here" : "there");
                assertThat(uploads.commitOffset(id, 1, "part", 7, 1, NOW))
                        .as("stale")
                        .isFalse();
                assertThat(uploads.commitOffset(id, 2, "part", 7, 1, NOW)).isTrue();
            }
        }

        @Test
        void oneWhoseFilesAreElsewhereTakesNothingOver() throws Exception {
            UploadRow row = begun(A, PLAIN);
            UploadTable elsewhere = new UploadTable(store.second(), new Place("elsewhere", "its-own"));
            assertThat(elsewhere.takeOver(row)).isFalse();
            assertThat(elsewhere.all()).isEmpty();
            assertThat(elsewhere.everywhere()).hasSize(1);
        }

        @Test
        void ofTwoWhoWantOneNameInOneMomentOneGetsIt() throws Exception {
            for (int round = 0; round < 10; round++) {
                UploadRow one = begun(new SessionId("one-" + round), PLAIN);
                UploadRow two = begun(new SessionId("two-" + round), PLAIN);
                Ending ending = new Ending("take-" + round + ".mp4", HASH, false, true);
                List<NameOutcome> outcomes = Races.together(List.of(
                        () -> uploads.decideEnding(one, ending, NOW), () -> others.decideEnding(two, ending, NOW)));
                assertThat(outcomes).containsExactlyInAnyOrder(NameOutcome.GIVEN, NameOutcome.TAKEN);
            }
        }

        @Test
        void anEndingCanBeTakenBackAndAStaleOneIsFenced() throws Exception {
            UploadRow row = begun(A, PLAIN);
            Ending ending = new Ending("take.mp4", null, true, false);
            assertThat(uploads.decideEnding(row, ending, NOW)).isEqualTo(NameOutcome.GIVEN);
            assertThat(uploads.find(A).orElseThrow().ending()).isEqualTo(ending);
            assertThat(uploads.commitOffset(A, 1, "part", 9, 1, NOW))
                    .as("ended")
                    .isFalse();
            assertThat(uploads.fallBack(A, 1, "part", 0)).isTrue();
            assertThat(uploads.find(A).orElseThrow().ending()).isNull();
            assertThat(uploads.takeOver(uploads.find(A).orElseThrow())).isTrue();
            assertThat(uploads.decideEnding(row, ending, NOW)).isEqualTo(NameOutcome.FENCED);
            assertThat(uploads.discard(A, 1)).isFalse();
            assertThat(uploads.discard(A, 2)).isTrue();
            assertThat(uploads.find(A)).isEmpty();
        }

        @Test
        void aFinishedUploadIsARecordingAndNoUpload() throws Exception {
            RecordingRow row = saved(A, "take.mp4");
            assertThat(uploads.find(A)).isEmpty();
            assertThat(row.state()).isEqualTo(State.KEPT);
            assertThat(row.bytes()).isEqualTo(10);
            assertThat(row.partial()).isFalse();
            assertThat(row.sha256()).isEqualTo(HASH);
            assertThat(row.description().take()).isEqualTo(PART.take());
            assertThat(row.playback()).isNotNull();
            assertThat(recordings.newest(10, 0)).containsExactly(row);
            assertThat(recordings.newest(10, 1)).isEmpty();
        }

        @Test
        void aRecordingIsNamedForPeopleConfirmedAndMeasured() throws Exception {
            PairedDevice pixel = new PairedDevice("pixel", "Zoë's phone", NOW, NOW, false);
            new DeviceTable(store.first(), () -> NOW).insert(pixel, KeyHash.of("key"));
            uploads.insert(A, DeviceName.of("pixel"), "part", PLAIN, NOW);
            UploadRow row = uploads.find(A).orElseThrow();
            Ending ending = new Ending("take.mp4", HASH, false, true);
            uploads.decideEnding(row, ending, NOW);
            uploads.finish(row.ending(ending), ending, NOW);

            assertThat(recordings.label(A, "a\u0000label")).isTrue();
            assertThat(recordings.label(B, "label")).isFalse();
            recordings.confirm(A, HASH, NOW);
            recordings.confirm(A, HASH, NOW.plusSeconds(1));
            recordings.duration(A, 1234);
            assertThat(recordings.find(A)).hasValueSatisfying(found -> {
                assertThat(found.peer()).isEqualTo("Zoë's phone");
                assertThat(found.description().label()).isEqualTo("a\ufffdlabel");
                assertThat(found.confirmed()).isTrue();
                assertThat(found.millis()).isEqualTo(1234);
                assertThat(found.playback()).isNull();
            });
        }

        @Test
        void ofTwoMovesOfOneRecordingInOneMomentOneHappens() throws Exception {
            RecordingTable other = new RecordingTable(store.second(), there);
            for (int round = 0; round < 10; round++) {
                RecordingRow row = saved(new SessionId("moved-" + round), "moved-" + round + ".mp4");
                List<Boolean> moved = Races.together(List.of(
                        () -> recordings.become(row, State.TRASHING, row.fileName(), "trash", NOW),
                        () -> other.become(row, State.MISSING, row.fileName(), null, null)));
                assertThat(moved).containsExactlyInAnyOrder(true, false);
            }
        }

        @Test
        void ofTwoThatComeBackUnderOneNameInOneMomentOneDoes() throws Exception {
            RecordingTable other = new RecordingTable(store.second(), there);
            for (int round = 0; round < 10; round++) {
                RecordingRow one = missing(new SessionId("one-" + round), "one-" + round + ".mp4");
                RecordingRow two = missing(new SessionId("two-" + round), "two-" + round + ".mp4");
                String name = "back-" + round + ".mp4";
                List<Boolean> back = Races.together(List.of(
                        () -> recordings.become(one, State.KEPT, name, null, null),
                        () -> other.become(two, State.KEPT, name, null, null)));
                assertThat(back).containsExactlyInAnyOrder(true, false);
            }
        }

        private RecordingRow missing(SessionId id, String name) throws StorageException {
            RecordingRow row = saved(id, name);
            assertThat(recordings.become(row, State.MISSING, name, null, null)).isTrue();
            return recordings.find(id).orElseThrow();
        }

        @Test
        void aRecordingThatLostItsFileIsForgottenInTheEnd() throws Exception {
            saved(A, "a.mp4");
            missing(B, "b.mp4");
            recordings.confirm(B, HASH, NOW);
            assertThat(recordings.forget(NOW)).isZero();
            assertThat(recordings.forget(NOW.plusMillis(1))).isEqualTo(1);
            assertThat(recordings.find(B)).isEmpty();
            assertThat(recordings.find(A)).isPresent();
        }

        @Test
        void whatIsMadeForPlayingGoesItsWayOnce() throws Exception {
            PlaybackTable first = new PlaybackTable(store.first(), here);
            PlaybackTable other = new PlaybackTable(store.second(), there);
            saved(A, "take.mp4");
            assertThat(first.waiting(5)).extracting(RecordingRow::id).containsExactly(A);
            List<Boolean> begun = Races.together(List.of(
                    () -> first.become(A, PlaybackRow.State.WAITING, PlaybackRow.State.WORKING, null),
                    () -> other.become(A, PlaybackRow.State.WAITING, PlaybackRow.State.WORKING, null)));
            assertThat(begun).containsExactlyInAnyOrder(true, false);
            PlaybackTable playback = begun.get(0) ? first : other;
            assertThat(playback.placed(A, NOW)).as("nothing was made").isFalse();
            assertThat(playback.placing(A, 99, HASH, 5_000, "poster.jpg")).isTrue();
            assertThat(playback.placed(A, NOW)).isTrue();
            assertThat(recordings.find(A).orElseThrow().playback())
                    .isEqualTo(new PlaybackRow(PlaybackRow.State.READY, 99L, HASH, null, "poster.jpg", NOW));
            assertThat(playback.parts("take")).hasSize(1);
            assertThat(playback.parts("another")).isEmpty();
            assertThat(playback.made()).hasSize(1);
        }

        @Test
        void whatWaitsIsCountedAndForgotten() throws Exception {
            LifeTable lives = new LifeTable(store.first(), here);
            assertThat(lives.running()).isZero();
            lives.note(Duration.ofSeconds(5));
            lives.note(Duration.ofSeconds(7));
            assertThat(lives.running()).isEqualTo(Duration.ofSeconds(7));
            lives.put(A, new Life(Duration.ofSeconds(1), LifeTable.State.SESSION));
            lives.put(A, new Life(Duration.ofSeconds(2), LifeTable.State.WAITING));
            assertThat(lives.all()).isEqualTo(Map.of(A, new Life(Duration.ofSeconds(2), LifeTable.State.WAITING)));
            lives.remove(A);
            assertThat(lives.all()).isEmpty();
        }

        @Test
        void theSecretOfAllInstancesIsMadeOnceWhoeverComesFirst() throws Exception {
            InstanceTable one = new InstanceTable(store.first());
            InstanceTable two = new InstanceTable(store.second());
            List<String> secrets = Races.together(List.of(() -> one.secret("first"), () -> two.secret("second")));
            assertThat(secrets.get(0)).isEqualTo(secrets.get(1)).isEqualTo(one.secret("third"));
        }
    }
}
