package io.quickdrop.system.faults.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.system.faults.mutants.TrialRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A suite that stays green without a protection does not test it. */
final class MutantsTest {
    private static final int AT_ONCE = 2;
    private static final int WORDS = 110;
    /** Only those whose protection contains this, for work on one of them. */
    private static final String ONLY = System.getProperty("quickdrop.mutant", "");

    /** A change of the sources may have to be followed by one of the mutants: said here within a second. */
    @Test
    void everyMutantStillApplies() throws IOException {
        for (Mutant mutant : Protections.mutants()) {
            assertThat(mutant.mutated())
                    .isNotEqualTo(Files.readString(mutant.source().file()));
        }
    }

    @Test
    void withoutAnyOneOfItsProtectionsTheSuiteTurnsRed(@TempDir Path folder) throws Exception {
        long begun = System.nanoTime();
        List<Mutant> mutants = Protections.mutants().stream()
                .filter(mutant -> mutant.protection().contains(ONLY))
                .toList();
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            Map<Mutant, Future<Outcome>> mutated = new LinkedHashMap<>();
            Map<Trial, Future<Outcome>> sound = new LinkedHashMap<>();
            for (Mutant mutant : mutants) {
                Path place = Files.createDirectory(folder.resolve("mutant-" + mutated.size()));
                mutated.put(mutant, workers.submit(() -> TrialRun.of(mutant.trial(), Optional.of(mutant), place)));
                if (!sound.containsKey(mutant.trial())) {
                    Path another = Files.createDirectory(folder.resolve("sound-" + sound.size()));
                    sound.put(
                            mutant.trial(),
                            workers.submit(() -> TrialRun.of(mutant.trial(), Optional.empty(), another)));
                }
            }
            List<String> wrong = new ArrayList<>();
            StringBuilder table = new StringBuilder();
            for (Map.Entry<Mutant, Future<Outcome>> each : mutated.entrySet()) {
                Outcome outcome = get(each.getValue(), wrong);
                table.append(row(each.getKey(), outcome));
                if (!outcome.red()) {
                    wrong.add("green without " + each.getKey().protection() + ": "
                            + each.getKey().trial().title());
                }
            }
            for (Map.Entry<Trial, Future<Outcome>> each : sound.entrySet()) {
                Outcome outcome = get(each.getValue(), wrong);
                if (outcome.red()) {
                    wrong.add("red on the build as it is: " + each.getKey().title() + ": " + outcome.words());
                }
            }
            System.out.printf(
                    "mutants: N=%d, each judged by one of %d trials that the build as it is passes; %.1f s%n%s",
                    mutated.size(), sound.size(), (System.nanoTime() - begun) / 1e9, table);
            assertThat(wrong).isEmpty();
        } finally {
            workers.shutdownNow();
        }
    }

    /** One that could not be judged is named with all the others. */
    private static Outcome get(Future<Outcome> judged, List<String> wrong) throws InterruptedException {
        try {
            return judged.get();
        } catch (ExecutionException e) {
            wrong.add(String.valueOf(e.getCause()));
            return new Outcome(false, "not judged", 0);
        }
    }

    private static String row(Mutant mutant, Outcome outcome) {
        String words = outcome.words().length() <= WORDS
                ? outcome.words()
                : outcome.words().substring(0, WORDS) + "…";
        return String.format(
                "  %-46s %-5s %-46s %4.1f s  %s%n",
                mutant.protection(),
                outcome.red() ? "red" : "GREEN",
                mutant.trial().title(),
                outcome.seconds(),
                words);
    }
}
