package io.quickdrop.relay.desktop.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.command.CommandInput.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of commands. */
class CommandDeskTest {
    private static final AgentId FIRST = new AgentId(1);
    private static final AgentId SECOND = new AgentId(2);
    private static final Instant START = Instant.EPOCH;

    private final CommandDesk desk = new CommandDesk();
    private final List<String> log = new ArrayList<>();

    private void take(CommandInput input, Instant now) {
        for (CommandOutput order : desk.handle(input, now)) {
            if (order instanceof CommandOutput.Deliver deliver) {
                log.add(deliver.command().commandId() + " to " + deliver.agent().value() + " fence "
                        + deliver.command().fence());
            } else if (order instanceof CommandOutput.Tell tell) {
                log.add(tell.status().commandId() + " " + tell.status().status());
            }
        }
    }

    private void take(CommandInput input) {
        take(input, START);
    }

    private static CommandInput asked(String id, String type) {
        return new CommandInput.Asked(id, type, new JsonObject(), null);
    }

    private static CommandInput result(AgentId agent, String id, String status, @Nullable JsonObject file) {
        return new CommandInput.ResultCame(agent, new CommandResult(id, status, null, null), file);
    }

    @Test
    void aCommandIsDeliveredAndAnswered() {
        take(new CommandInput.AgentCame(FIRST, Delivery.PUSHED));
        take(asked("c", "config"));
        take(result(FIRST, "c", "completed", null));
        take(result(FIRST, "c", "completed", null));
        assertThat(log).containsExactly("c pending", "c to 1 fence 1", "c delivered", "c completed");
        assertThat(desk.deadline()).isEmpty();
    }

    @Test
    void fencesGrowAlsoOverRegistrations() {
        take(new CommandInput.AgentCame(FIRST, Delivery.PUSHED));
        take(asked("c", "config"));
        take(asked("d", "config"));
        take(new CommandInput.AgentCame(SECOND, Delivery.PUSHED));
        take(asked("e", "config"));
        assertThat(log)
                .filteredOn(line -> line.contains("fence"))
                .containsExactly("c to 1 fence 1", "d to 1 fence 2", "e to 2 fence 3");
    }

    @Test
    void whatWasDeliveredIsNeverDeliveredAgain() {
        take(new CommandInput.AgentCame(FIRST, Delivery.PUSHED));
        take(asked("c", "config"));
        take(new CommandInput.AgentGone(FIRST));
        take(new CommandInput.AgentCame(SECOND, Delivery.PUSHED));
        assertThat(log).containsExactly("c pending", "c to 1 fence 1", "c delivered", "c failed");
    }

    @Test
    void whatNobodyWasToldWaitsForTheAgent() {
        take(asked("c", "config"));
        take(new CommandInput.AgentCame(FIRST, Delivery.PUSHED));
        assertThat(log).containsExactly("c pending", "c to 1 fence 1", "c delivered");
    }

    @Test
    void aLateGoodbyeOfASupersededAgentChangesNothing() {
        take(new CommandInput.AgentCame(FIRST, Delivery.PUSHED));
        take(new CommandInput.AgentCame(SECOND, Delivery.PUSHED));
        take(asked("c", "config"));
        take(new CommandInput.AgentGone(FIRST));
        take(result(FIRST, "c", "completed", null));
        assertThat(log).endsWith("c delivered");
        take(result(SECOND, "c", "completed", null));
        assertThat(log).endsWith("c completed");
    }

    @Test
    void aPollFetchesWhatIsThereOnce() {
        take(new CommandInput.AgentCame(FIRST, Delivery.POLLED));
        take(asked("c", "screenshot"));
        assertThat(log).containsExactly("c pending");
        take(new CommandInput.Polled(SECOND));
        take(new CommandInput.Polled(FIRST));
        take(new CommandInput.Polled(FIRST));
        assertThat(log).containsExactly("c pending", "c to 1 fence 1", "c delivered");
        take(result(FIRST, "c", "completed", null));
        assertThat(log).as("v1 has no files").endsWith("c completed");
    }

    @Test
    void aScreenshotWithoutItsFileFails() {
        take(new CommandInput.AgentCame(FIRST, Delivery.PUSHED));
        take(asked("c", "screenshot"));
        take(result(FIRST, "c", "completed", null));
        assertThat(log).endsWith("c failed");
        take(asked("d", "screenshot"));
        take(result(FIRST, "d", "completed", new JsonObject()));
        assertThat(log).endsWith("d completed");
    }

    @Test
    void whatIsNotAnsweredExpiresAndIsNeverDelivered() {
        take(asked("c", "config"));
        assertThat(desk.deadline()).contains(START.plusSeconds(30));
        take(new CommandInput.Tick(), START.plusSeconds(29));
        take(new CommandInput.Tick(), START.plusSeconds(30));
        take(new CommandInput.AgentCame(FIRST, Delivery.PUSHED), START.plusSeconds(31));
        assertThat(log).containsExactly("c pending", "c expired");
    }

    @Test
    void unknownCommandsAndTooManyFail() {
        take(asked("x", "format_disk"));
        assertThat(log).containsExactly("x failed");
        for (int i = 0; i <= CommandDesk.MAX_OPEN; i++) {
            take(asked("c" + i, "config"));
        }
        assertThat(log).endsWith("c32 failed");
    }

    /** Any order of events: one last word for each command, and one delivery at most. */
    @Test
    void everyCommandEndsOnceInAnyOrderOfEvents() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CommandDesk walked = new CommandDesk();
            Map<String, List<String>> told = new HashMap<>();
            Map<String, Integer> delivered = new HashMap<>();
            Instant now = START;
            for (int i = 0; i < 60; i++) {
                now = now.plusMillis(random.nextInt(4_000));
                AgentId agent = new AgentId(random.nextInt(3));
                String id = "c" + random.nextInt(i + 1);
                CommandInput input = List.of(
                                asked("c" + i, random.nextBoolean() ? "screenshot" : "config"),
                                new CommandInput.AgentCame(
                                        agent, random.nextBoolean() ? Delivery.PUSHED : Delivery.POLLED),
                                new CommandInput.AgentGone(agent),
                                new CommandInput.Polled(agent),
                                result(agent, id, random.nextBoolean() ? "completed" : "odd", null),
                                new CommandInput.Tick())
                        .get(random.nextInt(6));
                for (CommandOutput order : walked.handle(input, now)) {
                    if (order instanceof CommandOutput.Tell tell) {
                        told.computeIfAbsent(tell.status().commandId(), key -> new ArrayList<>())
                                .add(tell.status().status());
                    } else if (order instanceof CommandOutput.Deliver deliver) {
                        delivered.merge(deliver.command().commandId(), 1, Integer::sum);
                    }
                }
            }
            walked.handle(new CommandInput.Tick(), now.plusSeconds(31)).forEach(order -> {
                CommandOutput.Tell tell = (CommandOutput.Tell) order;
                told.computeIfAbsent(tell.status().commandId(), key -> new ArrayList<>())
                        .add(tell.status().status());
            });
            int of = seed;
            told.forEach((id, statuses) -> assertThat(statuses)
                    .as("seed %d, %s", of, id)
                    .filteredOn(status -> !status.equals("pending") && !status.equals("delivered"))
                    .hasSize(1));
            assertThat(delivered.values()).allMatch(times -> times == 1);
        }
    }
}
