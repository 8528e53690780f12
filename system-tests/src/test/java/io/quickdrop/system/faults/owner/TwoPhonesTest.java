package io.quickdrop.system.faults.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.system.faults.owner.Phone.Outcome;
import io.quickdrop.system.faults.owner.Phone.Story;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.Pairing;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two phones with the same session id, at the same moment or while the other one sends. */
@ExtendWith(ShowServerLogs.class)
final class TwoPhonesTest {
    private static final int MIN_BYTES = 50_000;
    private static final int MAX_BYTES = 400_000;
    /** A session of this size is sent in about that time. */
    private static final int MAX_HEAD_START_MICROS = 40_000;

    private static final int RACES_AT_ONCE = 4;

    @Test
    void twoHundredRacesEndWithOneOwnerEach(@TempDir Path folder) throws Exception {
        race(folder, 200);
    }

    @Test
    @Tag("long")
    void aThousandRacesEndWithOneOwnerEach(@TempDir Path folder) throws Exception {
        race(folder, 1_000);
    }

    private static void race(Path folder, int races) throws Exception {
        FaultRow row = FaultRow.begin("two phones, one session", races);
        Tally tally = new Tally();
        ExecutorService phones = Executors.newFixedThreadPool(2 * RACES_AT_ONCE);
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            Door door = Door.of(server);
            String own = Pairing.pair(door, "phone").key();
            String other = Pairing.pair(door, "another phone").key();
            Queue<Race> running = new ArrayDeque<>();
            for (int number = 0; number < races; number++) {
                running.add(Race.begin(number, row.random(), phones, door, own, other));
                while (running.size() >= RACES_AT_ONCE) {
                    tally.judge(running.remove());
                }
            }
            while (!running.isEmpty()) {
                tally.judge(running.remove());
            }
            RecordingFolder.assertRecordingsExactly(server.output(), tally.saved);
            assertThat(tally.superseded).as("races that had to be decided").isGreaterThan(races / 4);
            row.passed(tally.toString());
        } finally {
            phones.shutdownNow();
        }
    }

    /**
     * Two phones on their way.
     *
     * @param strangers whether they are two devices, and not two tabs of one
     */
    private record Race(int number, boolean strangers, SeededBytes bytes, List<Future<Story>> phones) {
        static Race begin(int number, Random random, ExecutorService threads, Door door, String own, String other) {
            SeededBytes bytes = new SeededBytes(random.nextLong(), MIN_BYTES + random.nextInt(MAX_BYTES - MIN_BYTES));
            boolean strangers = random.nextInt(4) == 0;
            int lateMicros = random.nextBoolean() ? 0 : random.nextInt(MAX_HEAD_START_MICROS);
            Phone first = new Phone(door, own, "race-" + number, bytes);
            Phone second = new Phone(door, strangers ? other : own, "race-" + number, bytes);
            CyclicBarrier ready = new CyclicBarrier(2);
            return new Race(
                    number,
                    strangers,
                    bytes,
                    List.of(threads.submit(racer(first, ready, 0)), threads.submit(racer(second, ready, lateMicros))));
        }
    }

    private static final class Tally {
        private final Map<String, SeededBytes> saved = new HashMap<>();
        private int superseded;
        private int late;
        private int forbidden;

        void judge(Race race) throws Exception {
            List<Story> stories = new ArrayList<>();
            for (Future<Story> phone : race.phones) {
                stories.add(phone.get(1, TimeUnit.MINUTES));
            }
            String told = "race " + race.number + ": " + stories;
            List<Story> winners = stories.stream()
                    .filter(story -> story.outcome() == Outcome.SAVED)
                    .toList();
            // Two are told only if the one had saved before the other one asked: then they are told of the same file.
            assertThat(winners).as(told).isNotEmpty();
            assertThat(winners.stream().map(Story::fileName).distinct())
                    .as(told)
                    .hasSize(1);
            if (race.strangers) {
                assertThat(stories).as(told).extracting(Story::outcome).containsOnlyOnce(Outcome.FORBIDDEN);
                forbidden++;
            } else if (winners.size() == 1) {
                assertThat(stories).as(told).extracting(Story::outcome).contains(Outcome.SUPERSEDED);
                superseded++;
            } else {
                late++;
            }
            assertThat(saved.put(winners.get(0).fileName(), race.bytes))
                    .as(told)
                    .isNull();
        }

        @Override
        public String toString() {
            return "one owner each: " + superseded + " times the other was closed with 4409, " + late
                    + " times it came after the end and was told of the same file, " + forbidden
                    + " times it was another device and forbidden";
        }
    }

    private static Callable<Story> racer(Phone phone, CyclicBarrier ready, int lateMicros) {
        return () -> {
            try (Phone.Connected connected = phone.connect()) {
                ready.await(1, TimeUnit.MINUTES);
                LockSupport.parkNanos(lateMicros * 1_000L);
                return connected.run();
            }
        };
    }
}
