package io.quickdrop.relay.sim.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.CommandState;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.agent.CommandJournal;
import io.quickdrop.relay.driver.command.CommandStore;
import io.quickdrop.relay.sim.command.CommandWorld.Parts;
import io.quickdrop.relay.sim.command.CommandWorld.Weather;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything is killed, frozen, cut and out of reach, many times: nothing runs twice, nothing is lost, everything ends. */
@Timeout(600)
class CommandSimulationTest {
    private static final int WORLDS = 30;
    private static final int MANY_WORLDS = 300;

    @Test
    void inFineWeatherEverythingThatIsPatientIsDone() throws Exception {
        CommandWorld world = new CommandWorld(1, Weather.FINE, Parts.REAL);
        assertThat(world.live()).isEmpty();
        assertThat(world.ended(CommandState.COMPLETED)).isGreaterThan(CommandWorld.COMMANDS * 95L / 100);
    }

    @Test
    void whateverFailsNothingRunsTwiceAndEverythingEnds() throws Exception {
        assertAllKept(1, WORLDS, Weather.EVERYTHING);
    }

    @Test
    void asLongAsTheAgentLivesNothingIsLost() throws Exception {
        assertAllKept(10_001, WORLDS, Weather.NOT_THE_AGENT);
    }

    @Test
    @Tag("long")
    void whateverFailsNothingRunsTwiceAndEverythingEndsInManyWorlds() throws Exception {
        assertAllKept(100_001, MANY_WORLDS, Weather.EVERYTHING);
        assertAllKept(200_001, MANY_WORLDS, Weather.NOT_THE_AGENT);
    }

    private static void assertAllKept(long first, int worlds, Weather weather) throws StorageException {
        int kills = 0;
        long completed = 0;
        for (long seed = first; seed < first + worlds; seed++) {
            CommandWorld world = new CommandWorld(seed, weather, Parts.REAL);
            assertThat(world.live()).as("seed %d", seed).isEmpty();
            kills += world.kills;
            completed += world.ended(CommandState.COMPLETED);
        }
        System.out.printf(
                "commands: seeds %d to %d, %d asked for, %d completed, %d kills%n",
                first, first + worlds - 1, worlds * CommandWorld.COMMANDS, completed, kills);
        assertThat(kills).isGreaterThan(worlds);
        assertThat(completed).isGreaterThan((long) worlds * CommandWorld.COMMANDS / 3);
    }

    // ---- mutants: each protection taken away must be found missing

    @Test
    void withoutAJournalThatLastsSomethingRunsTwice() throws Exception {
        assertThat(brokenIn(Weather.EVERYTHING, new Parts(UnaryOperator.identity(), Forgetful::new)))
                .contains("twice: ");
    }

    @Test
    void withoutSendingAgainSomethingIsLost() throws Exception {
        assertThat(brokenIn(Weather.NOT_THE_AGENT, new Parts(MarkThenSend::new, UnaryOperator.identity())))
                .contains("lost: ");
    }

    @Test
    void withoutMarkingBeforeSendingSomethingExpiresThoughItRan() throws Exception {
        assertThat(brokenIn(Weather.EVERYTHING, new Parts(ExpiresDelivered::new, UnaryOperator.identity())))
                .contains("expired and ran: ");
    }

    /** What is broken in the first world where something is. */
    private static String brokenIn(Weather weather, Parts parts) throws StorageException {
        List<String> broken = new ArrayList<>();
        for (long seed = 1; seed <= 40 && broken.isEmpty(); seed++) {
            broken.addAll(new CommandWorld(seed, weather, parts).live());
        }
        return broken.toString();
    }

    /** Says that it has written. */
    private record Forgetful(CommandJournal journal) implements CommandJournal {
        @Override
        public List<Entry> read() {
            return List.of();
        }

        @Override
        public void began(String commandId, String commandType) {}

        @Override
        public void done(CommandResult result) {}
    }

    /** Returns each command once, whatever becomes of it. */
    private static final class MarkThenSend extends FailingStore {
        MarkThenSend(CommandStore store) {
            super(store, new SplittableRandom(1));
        }

        @Override
        public List<StoredCommand> claim(String clientId, long epoch, boolean again) throws StorageException {
            return super.claim(clientId, epoch, again).stream()
                    .filter(command ->
                            command.delivery() != null && command.delivery().epoch() == epoch)
                    .toList();
        }
    }

    /** Calls what was delivered expired where nobody has answered in time. */
    private static final class ExpiresDelivered extends FailingStore {
        private final CommandStore rows;

        ExpiresDelivered(CommandStore store) {
            super(store, new SplittableRandom(1));
            rows = store;
        }

        @Override
        public boolean finish(String clientId, long epoch, String commandId, CommandOutcome outcome)
                throws StorageException {
            boolean late = rows.find(List.of(commandId)).stream()
                    .anyMatch(command -> command.timeLeft().isNegative());
            return super.finish(clientId, epoch, commandId, late ? CommandOutcome.expired("late") : outcome);
        }
    }
}
