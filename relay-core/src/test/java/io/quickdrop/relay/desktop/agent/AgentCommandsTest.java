package io.quickdrop.relay.desktop.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.DesktopClient.Monitor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an agent runs, and what it answers when it is asked again. */
class AgentCommandsTest {
    private static final ClientInfo INFO = new ClientInfo(
            ClientInfo.DESKTOP,
            "desk",
            null,
            null,
            List.of(new Monitor(0, "one", 0, 0, 800, 600, true)),
            List.of("jpeg"),
            List.of("stop_capture", "start_capture", "config", "screenshot"));
    private static final Instant NOW = Instant.EPOCH;
    private static final CommandResult DONE = new CommandResult("c", "completed", null, null);

    private final AgentCommands commands = new AgentCommands();

    private static Command command(String id, long fence, String type, @Nullable Long left) {
        JsonObject data = new JsonObject();
        data.addProperty("screen", 0);
        return new Command(id, fence, type, data, left);
    }

    private List<AgentOutput> obey(String id, long fence, String type) {
        return commands.obey(command(id, fence, type, 30_000L), 1, INFO, NOW);
    }

    private List<AgentOutput> began(String id) {
        return commands.began(id, null, INFO, NOW);
    }

    @Test
    void aCommandIsInTheJournalBeforeItRunsAndItsResultBeforeItIsAnswered() {
        assertThat(obey("c", 1, "stop_capture")).containsExactly(new AgentOutput.JournalBegan("c", "stop_capture"));
        assertThat(commands.isPaused()).isFalse();
        assertThat(began("c")).containsExactly(new AgentOutput.JournalDone(DONE));
        assertThat(commands.isPaused()).isTrue();
        assertThat(commands.written("c", 1)).containsExactly(new AgentOutput.Send(DONE));
    }

    @Test
    void askedAgainItAnswersTheSameWithoutRunningItAgain() {
        obey("c", 1, "stop_capture");
        assertThat(obey("c", 2, "stop_capture")).as("it is about to begin").isEmpty();
        began("c");
        assertThat(obey("c", 3, "stop_capture"))
                .as("it is about to be answered")
                .isEmpty();
        assertThat(commands.written("c", 1)).containsExactly(new AgentOutput.Send(DONE));
        assertThat(obey("c", 4, "stop_capture")).containsExactly(new AgentOutput.Send(DONE));
        assertThat(obey("d", 4, "start_capture"))
                .as("a fence that was used is stale")
                .singleElement()
                .asString()
                .contains("failed", "found fence 4");
    }

    @Test
    void aResultIsAnsweredToWhoeverAskedLast() {
        obey("c", 1, "stop_capture");
        commands.obey(command("c", 1, "stop_capture", 1L), 2, INFO, NOW);
        began("c");
        assertThat(commands.written("c", 2)).containsExactly(new AgentOutput.Send(DONE));

        obey("d", 9, "start_capture");
        began("d");
        assertThat(commands.written("d", 3)).as("that one asks again").isEmpty();
    }

    @Test
    void whatBeganInAnEarlierLifeHasFailedAndRunsNoMore() {
        List<AgentOutput> orders = commands.remember(List.of(
                new AgentInput.Ran("done", "config", new CommandResult("done", "completed", null, null)),
                new AgentInput.Ran("cut", "config", null)));
        assertThat(orders).singleElement().isInstanceOfSatisfying(AgentOutput.JournalDone.class, order -> {
            assertThat(order.result().commandId()).isEqualTo("cut");
            assertThat(order.result().error()).contains("not known");
        });
        assertThat(obey("done", 1, "config").toString()).contains("Send", "completed");
        assertThat(obey("cut", 2, "config").toString()).contains("Send", "failed", "not known");
    }

    @Test
    void whatTheOperatorPausedStaysPausedOverARestart() {
        CommandResult stopped = new CommandResult("a", "completed", null, null);
        CommandResult started = new CommandResult("b", "completed", null, null);
        commands.remember(List.of(new AgentInput.Ran("a", "stop_capture", stopped)));
        assertThat(commands.isPaused()).isTrue();
        commands.remember(List.of(
                new AgentInput.Ran("a", "stop_capture", stopped),
                new AgentInput.Ran("b", "start_capture", started),
                new AgentInput.Ran("c", "config", new CommandResult("c", "completed", null, null))));
        assertThat(commands.isPaused()).isFalse();
        commands.remember(List.of(new AgentInput.Ran("d", "stop_capture", null)));
        assertThat(commands.isPaused()).as("whoever began to stop wanted it").isTrue();
        commands.remember(List.of(new AgentInput.Ran("e", "start_capture", null)));
        assertThat(commands.isPaused()).as("nobody knows that it was to begin").isTrue();
    }

    @Test
    void whatComesTooLateIsNotRunAndThatIsJournalledToo() {
        assertThat(commands.obey(command("c", 1, "stop_capture", 0L), 1, INFO, NOW))
                .containsExactly(new AgentOutput.JournalBegan("c", "stop_capture"));
        assertThat(began("c").toString()).contains("JournalDone", "expired");
        assertThat(commands.isPaused()).isFalse();
        assertThat(commands.written("c", 1).toString()).contains("Send", "expired");
        assertThat(obey("c", 2, "stop_capture").toString())
                .as("a clock that was set back changes nothing")
                .contains("Send", "expired");

        commands.obey(command("d", 3, "stop_capture", 100L), 1, INFO, NOW);
        assertThat(commands.began("d", null, INFO, NOW.plusMillis(100)).toString())
                .as("the journal took too long")
                .contains("expired");
        assertThat(commands.isPaused()).isFalse();
    }

    @Test
    void whatCannotBeJournalledDoesNotRun() {
        obey("c", 1, "stop_capture");
        assertThat(commands.began("c", "the disk is full", INFO, NOW).toString())
                .contains("Send", "failed", "the disk is full");
        assertThat(commands.isPaused()).isFalse();
        assertThat(obey("c", 2, "stop_capture"))
                .as("it never began: it may")
                .containsExactly(new AgentOutput.JournalBegan("c", "stop_capture"));
    }

    @Test
    void aScreenshotIsTakenOnceAndItsFileSentToWhoeverAsksAgain() {
        obey("c", 1, "screenshot");
        assertThat(began("c")).containsExactly(new AgentOutput.TakeScreenshot(1, "c", 1, 0, false));
        assertThat(commands.obey(command("c", 1, "screenshot", 9L), 2, INFO, NOW))
                .containsExactly(new AgentOutput.TakeScreenshot(2, "c", 1, 0, true));
        assertThat(commands.done(new AgentInput.Done(2, "c", null, null), 2))
                .containsExactly(new AgentOutput.JournalDone(DONE));
        assertThat(commands.obey(command("c", 1, "screenshot", 9L), 3, INFO, NOW))
                .as("before the journal has it")
                .containsExactly(new AgentOutput.TakeScreenshot(3, "c", 1, 0, true));
        assertThat(commands.written("c", 3)).as("behind its file").isEmpty();
        assertThat(commands.done(new AgentInput.Done(3, "c", null, null), 3))
                .containsExactly(new AgentOutput.Send(DONE));
        assertThat(commands.obey(command("c", 5, "screenshot", 9L), 3, INFO, NOW))
                .containsExactly(new AgentOutput.TakeScreenshot(3, "c", 5, 0, true));
        assertThat(commands.done(new AgentInput.Done(3, "c", null, "no longer kept"), 3)
                        .toString())
                .contains("Send", "failed", "no longer kept");
    }

    @Test
    void whatItRemembersIsBounded() {
        for (int i = 1; i <= 6000; i++) {
            obey("c" + i, i, "config");
            began("c" + i);
            commands.written("c" + i, 1);
        }
        assertThat(obey("c6000", 6001, "config").toString()).contains("Send");
        assertThat(obey("c1905", 6002, "config").toString()).contains("Send");
        assertThat(obey("c1904", 6003, "config").toString()).contains("JournalBegan");
    }
}
