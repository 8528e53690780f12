package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.system.harness.Door;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What became of every command that was taken, by what the servers say and by what the desktop really did.
 *
 * @param commands that were taken
 * @param completed that were done
 * @param interrupted that failed, since the agent was killed while it was at them: each may have run
 * @param refused screenshots that failed, since too many were under way when they came
 * @param ran how many screenshots were really taken
 */
record CommandVerdict(int commands, int completed, int interrupted, int refused, int ran) {
    /** How many an agent may be at when it is killed: one that runs, and some whose pictures are still on their way. */
    private static final int AT_ONCE = 8;

    /**
     * Waits until each has ended, and judges: none twice, none lost, none unresolved.
     *
     * @param witnessed what the desktop did, read when all have ended
     * @param door of an instance that lives
     * @param kills how often the agent was killed
     */
    static CommandVerdict of(
            CommandStream stream, Supplier<List<Witness.Line>> witnessed, Door door, int kills, Duration patience) {
        Map<String, Integer> taken = stream.taken();
        Map<String, JsonObject> ends = new HashMap<>();
        long deadline = System.nanoTime() + patience.toNanos();
        for (String id : taken.keySet()) {
            Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
            ends.put(id, Orders.await(door, id, left));
        }
        return judge(taken, ends, witnessed.get(), kills);
    }

    private static CommandVerdict judge(
            Map<String, Integer> taken, Map<String, JsonObject> ends, List<Witness.Line> lines, int kills) {
        List<String> began = about(lines, "began");
        Set<String> distinct = new HashSet<>(began);
        assertThat(began).as("commands that were run").doesNotHaveDuplicates();
        assertThat(taken.keySet()).as("commands that were taken").containsAll(distinct);
        List<String> interrupted = new ArrayList<>();
        int refused = 0;
        int completed = 0;
        for (Map.Entry<String, JsonObject> each : ends.entrySet()) {
            String status = each.getValue().get("status").getAsString();
            if (status.equals("completed")) {
                assertThat(distinct).as("run, of which %s", each.getValue()).contains(each.getKey());
                completed++;
            } else {
                assertThat(status).as("end of %s", each.getValue()).isEqualTo("failed");
                String error = each.getValue().get("error").getAsString();
                if (error.contains("under way")) {
                    refused++;
                } else {
                    interrupted.add(error);
                }
            }
        }
        Map<Integer, Integer> runs = new HashMap<>();
        about(lines, "ran").forEach(monitor -> runs.merge(Integer.valueOf(monitor), 1, Integer::sum));
        Map<Integer, Integer> asked = new HashMap<>();
        distinct.forEach(id -> asked.merge(taken.get(id), 1, Integer::sum));
        runs.forEach((monitor, count) -> assertThat(count)
                .as("screenshots of monitor %d, of which so many were begun", monitor)
                .isLessThanOrEqualTo(asked.getOrDefault(monitor, 0)));
        assertThat(interrupted)
                .as("commands that failed, over %d kills of the agent", kills)
                .hasSizeLessThanOrEqualTo(kills * AT_ONCE);
        int ran = runs.values().stream().mapToInt(Integer::intValue).sum();
        return new CommandVerdict(taken.size(), completed, interrupted.size(), refused, ran);
    }

    private static List<String> about(List<Witness.Line> lines, String what) {
        return lines.stream()
                .filter(line -> line.what().equals(what))
                .map(Witness.Line::about)
                .toList();
    }
}
