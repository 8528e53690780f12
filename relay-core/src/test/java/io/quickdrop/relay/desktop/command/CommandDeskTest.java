package io.quickdrop.relay.desktop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.command.CommandInput.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How an instance treats the commands of its desktop. The simulation walks it in every order. */
class CommandDeskTest {
    private static final AgentId FIRST = new AgentId(1);
    private static final AgentId SECOND = new AgentId(2);
    private static final Instant START = Instant.EPOCH;

    private final CommandDesk desk = new CommandDesk("here");
    private final List<String> log = new ArrayList<>();
    private Instant now = START;

    private void take(CommandInput input) {
        for (CommandOutput order : desk.handle(input, now)) {
            if (order instanceof CommandOutput.Deliver deliver) {
                log.add(deliver.command().commandId() + " to " + deliver.agent().value() + " fence "
                        + deliver.command().fence() + " left "
                        + deliver.command().expiresInMs());
            } else if (order instanceof CommandOutput.Claim claim) {
                log.add("claim " + claim.epoch() + (claim.again() ? " again" : " once"));
            } else if (order instanceof CommandOutput.Finish finish) {
                log.add("finish " + finish.commandId() + " " + finish.epoch() + " "
                        + finish.outcome().state().wireName());
            } else if (order instanceof CommandOutput.AnswerPoll) {
                log.add("answer");
            }
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
        take(new CommandInput.Tick());
    }

    private List<String> said() {
        List<String> all = List.copyOf(log);
        log.clear();
        return all;
    }

    private void came(AgentId agent, long epoch, Delivery delivery) {
        take(new CommandInput.AgentCame(agent, epoch, delivery));
    }

    private static StoredCommand claimed(String id, String type, long epoch, boolean again) {
        NewCommand asked = new NewCommand(id, "d", type, new JsonObject(), null, Duration.ofSeconds(30), "ada");
        return new StoredCommand(
                asked,
                CommandState.DELIVERED,
                START,
                START.plusSeconds(30),
                Duration.ofSeconds(30),
                new StoredCommand.Delivery(START, epoch, again),
                null);
    }

    private void result(AgentId agent, String id, String status, @Nullable JsonObject file) {
        take(new CommandInput.ResultCame(agent, new CommandResult(id, status, null, null), file));
    }

    /** A journalled agent of epoch 1 that was sent the command c. */
    private void cIsSent() {
        came(FIRST, 1, Delivery.AGAIN);
        take(new CommandInput.Claimed(1, List.of(claimed("c", "config", 1, true))));
        assertThat(said()).containsExactly("claim 1 again", "c to 1 fence 1 left 30000");
    }

    @Test
    void aClaimedCommandIsSentAndItsResultStored() {
        cIsSent();
        result(FIRST, "c", "completed", null);
        result(FIRST, "c", "failed", null);
        assertThat(said()).containsExactly("finish c 1 completed");
        take(new CommandInput.Finished("c", 1, true));
        result(FIRST, "c", "completed", null);
        assertThat(said()).isEmpty();
        assertThat(desk.deadline()).isEmpty();
    }

    @Test
    void whatIsNotAnsweredIsSentAgainEverMoreRarelyUnderAHigherFence() {
        cIsSent();
        pass(Duration.ofMillis(4_999));
        assertThat(said()).isEmpty();
        pass(Duration.ofMillis(1));
        pass(Duration.ofSeconds(10));
        assertThat(said()).containsExactly("c to 1 fence 2 left 25000", "c to 1 fence 3 left 15000");
    }

    @Test
    void whenItsTimeIsOverTheAgentIsOnlyAskedWhatBecameOfIt() {
        cIsSent();
        pass(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10));
        said();
        pass(Duration.ofSeconds(15));
        assertThat(said()).containsExactly("c to 1 fence 4 left 0");
        result(FIRST, "c", "expired", null);
        assertThat(said()).containsExactly("finish c 1 expired");
    }

    @Test
    void anAgentThatNeverAnswersIsForgottenWhenTheStoreHasEndedIt() {
        cIsSent();
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(5));
        }
        assertThat(desk.deadline()).isEmpty();
        assertThat(said()).hasSizeLessThan(10).allMatch(line -> line.startsWith("c to 1"));
    }

    @Test
    void theNextRegistrationIsSentWhatTheLastOneDidNotAnswer() {
        cIsSent();
        take(new CommandInput.AgentGone(FIRST));
        came(SECOND, 2, Delivery.AGAIN);
        take(new CommandInput.Claimed(2, List.of(claimed("c", "config", 1, true))));
        result(FIRST, "c", "failed", null); // late, of the one that is gone
        result(SECOND, "c", "completed", null);
        assertThat(said()).containsExactly("claim 2 again", "c to 2 fence 2 left 30000", "finish c 2 completed");
    }

    @Test
    void whatWasToldToAnAgentWithoutAJournalIsNeverToldAgain() {
        came(FIRST, 1, Delivery.ONCE);
        take(new CommandInput.Claimed(1, List.of(claimed("c", "config", 1, false))));
        pass(Duration.ofSeconds(20));
        assertThat(said()).containsExactly("claim 1 once", "c to 1 fence 1 left 30000");
        came(SECOND, 2, Delivery.AGAIN);
        assertThat(said()).containsExactly("finish c 1 failed", "claim 2 again");
        take(new CommandInput.Claimed(2, List.of(claimed("c", "config", 1, false), claimed("d", "config", 1, false))));
        assertThat(said())
                .as("its end is on the way; the other was told by an instance that is no more")
                .containsExactly("finish d 2 failed");
    }

    @Test
    void aJournalledCommandIsNotSentToAnAgentThatHasNoJournal() {
        came(FIRST, 2, Delivery.ONCE);
        take(new CommandInput.Claimed(2, List.of(claimed("c", "config", 1, true))));
        assertThat(said()).containsExactly("claim 2 once", "finish c 2 failed");
    }

    @Test
    void aClaimThatComesTooLateTellsNobody() {
        came(FIRST, 1, Delivery.AGAIN);
        take(new CommandInput.AgentGone(FIRST));
        take(new CommandInput.Claimed(1, List.of(claimed("c", "config", 1, true), claimed("d", "config", 1, false))));
        assertThat(said())
                .as("c is sent by whoever has the desktop next, d by nobody")
                .containsExactly("claim 1 again", "finish d 1 failed");
    }

    @Test
    void aResultIsKeptUntilTheStoreHasIt() {
        cIsSent();
        result(FIRST, "c", "completed", null);
        take(new CommandInput.FinishFailed("c"));
        pass(Duration.ofMillis(999));
        assertThat(said()).containsExactly("finish c 1 completed");
        pass(Duration.ofMillis(1));
        assertThat(said()).containsExactly("finish c 1 completed");
        take(new CommandInput.FinishFailed("c"));
        take(new CommandInput.AgentGone(FIRST));
        came(SECOND, 2, Delivery.AGAIN);
        take(new CommandInput.Claimed(2, List.of(claimed("c", "config", 1, true))));
        assertThat(said()).as("it was answered").containsExactly("claim 2 again");
        pass(Duration.ofSeconds(2));
        assertThat(said()).containsExactly("finish c 2 completed");
    }

    @Test
    void aResultOfAnEpochThatIsStaleByNowIsStoredUnderTheNewOne() {
        cIsSent();
        result(FIRST, "c", "completed", null);
        came(SECOND, 2, Delivery.AGAIN);
        said();
        take(new CommandInput.Finished("c", 1, false));
        assertThat(said()).containsExactly("finish c 2 completed");
        take(new CommandInput.Finished("c", 2, false));
        assertThat(said()).as("it had ended before").isEmpty();
    }

    @Test
    void aStoreThatFailsIsAskedAgainMoreAndMoreRarely() {
        came(FIRST, 1, Delivery.AGAIN);
        take(new CommandInput.ClaimFailed(1));
        take(new CommandInput.Waiting());
        assertThat(said()).containsExactly("claim 1 again");
        assertThat(desk.deadline()).contains(now.plusSeconds(1));
        pass(Duration.ofSeconds(1));
        take(new CommandInput.ClaimFailed(1));
        pass(Duration.ofMillis(1_999));
        assertThat(said()).containsExactly("claim 1 again");
        pass(Duration.ofMillis(1));
        assertThat(said()).containsExactly("claim 1 again");
    }

    @Test
    void wakesDuringAClaimLeadToOneMore() {
        came(FIRST, 1, Delivery.AGAIN);
        take(new CommandInput.Waiting());
        take(new CommandInput.Waiting());
        assertThat(said()).containsExactly("claim 1 again");
        take(new CommandInput.Claimed(1, List.of()));
        assertThat(said()).containsExactly("claim 1 again");
        take(new CommandInput.Claimed(1, List.of()));
        assertThat(said()).isEmpty();
    }

    @Test
    void aDesktopOfV1IsToldWhenItAsksAndTheStoreIsAskedOnlyIfSomethingWaits() {
        came(FIRST, 1, Delivery.POLLED);
        assertThat(said()).isEmpty();
        take(new CommandInput.Polled(FIRST));
        assertThat(said()).as("what an earlier one left").containsExactly("claim 1 once");
        take(new CommandInput.Claimed(1, List.of()));
        take(new CommandInput.Polled(FIRST));
        take(new CommandInput.Polled(SECOND));
        assertThat(said()).containsExactly("answer", "answer");
        take(new CommandInput.Waiting());
        take(new CommandInput.Polled(FIRST));
        take(new CommandInput.Claimed(1, List.of(claimed("c", "config", 1, false))));
        assertThat(said()).containsExactly("claim 1 once", "c to 1 fence 1 left 30000", "answer");
        take(new CommandInput.Waiting());
        take(new CommandInput.Polled(FIRST));
        take(new CommandInput.ClaimFailed(1));
        assertThat(said()).as("it is not kept waiting by the store").containsExactly("claim 1 once", "answer");
    }

    @Test
    void aScreenshotIsCompleteOnlyWithItsFileAndSaysWhoHasIt() {
        came(FIRST, 1, Delivery.AGAIN);
        take(new CommandInput.Claimed(
                1, List.of(claimed("c", "screenshot", 1, true), claimed("d", "screenshot", 1, true))));
        said();
        result(FIRST, "c", "completed", null);
        assertThat(said()).containsExactly("finish c 1 failed");
        List<CommandOutput> orders = desk.handle(
                new CommandInput.ResultCame(FIRST, new CommandResult("d", "completed", null, null), new JsonObject()),
                now);
        assertThat(orders)
                .containsExactly(new CommandOutput.Finish(
                        "d", 1, new CommandOutcome(CommandState.COMPLETED, new JsonObject(), null, "here")));
    }

    @Test
    void anAnswerOfTheStoreToNoQuestionIsABugOfTheCaller() {
        assertThatThrownBy(() -> take(new CommandInput.Claimed(1, List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyInputHasACase() {
        came(FIRST, 1, Delivery.AGAIN);
        List<CommandInput> inputs = List.of(
                new CommandInput.Waiting(),
                new CommandInput.Claimed(1, List.of()),
                new CommandInput.Polled(FIRST),
                new CommandInput.AgentCame(SECOND, 2, Delivery.POLLED),
                new CommandInput.AgentGone(SECOND),
                new CommandInput.ClaimFailed(1),
                new CommandInput.ResultCame(FIRST, new CommandResult("c", "failed", null, null), null),
                new CommandInput.Finished("c", 1, true),
                new CommandInput.FinishFailed("c"),
                new CommandInput.Tick());
        inputs.forEach(this::take);
        assertThat(inputs.stream().map(Object::getClass))
                .containsExactlyInAnyOrder(CommandInput.class.getPermittedSubclasses());
    }

    @Test
    void atMostFourScreenshotsAreAskedForAtOnceAndTheOthersWaitForTheirTurn() {
        came(FIRST, 1, Delivery.AGAIN);
        List<StoredCommand> many = new ArrayList<>();
        for (String id : List.of("a", "b", "c", "d", "e", "f")) {
            many.add(claimed(id, NewCommand.SCREENSHOT, 1, true));
        }
        many.add(claimed("g", "config", 1, true));
        take(new CommandInput.Claimed(1, many));
        assertThat(said())
                .containsExactly(
                        "claim 1 again",
                        "a to 1 fence 1 left 30000",
                        "b to 1 fence 2 left 30000",
                        "c to 1 fence 3 left 30000",
                        "d to 1 fence 4 left 30000",
                        "g to 1 fence 5 left 30000");
        result(FIRST, "b", "failed", null);
        assertThat(said()).containsExactly("finish b 1 failed", "e to 1 fence 6 left 30000");
        came(SECOND, 2, Delivery.AGAIN);
        take(new CommandInput.Claimed(2, List.of(claimed("f", NewCommand.SCREENSHOT, 1, true))));
        assertThat(said()).containsExactly("claim 2 again", "f to 2 fence 7 left 30000");
    }
}
