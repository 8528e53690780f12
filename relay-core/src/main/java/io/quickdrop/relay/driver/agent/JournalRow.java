package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.desktop.agent.AgentInput;
import io.quickdrop.relay.desktop.agent.AgentOutput;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one agent's journal, one at a time, where they may block. What ended is written before what is to begin: of a
 * whole row of commands that come together, hardly one is begun and not ended when the agent dies. Safe on any thread.
 */
final class JournalRow {
    private static final System.Logger LOG = System.getLogger(JournalRow.class.getName());

    private final @Nullable CommandJournal journal;
    private final SerialInbox<Runnable> calls;
    private final Queue<Runnable> begins = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();
    private final Consumer<AgentInput> agent;

    /**
     * Nothing is read yet.
     *
     * @param journal null for an agent that remembers nothing beyond its process
     * @param agent told what came of each call, on any thread
     */
    JournalRow(@Nullable CommandJournal journal, Executor storage, Consumer<AgentInput> agent) {
        this.journal = journal;
        this.calls = new SerialInbox<>(storage, Runnable::run);
        this.agent = agent;
    }

    /** What an earlier life began must be known before anything is asked of this one. */
    void read(Runnable then, Consumer<RegistrationException> failed) {
        CommandJournal from = journal;
        if (from == null) {
            then.run();
            return;
        }
        calls.add(() -> {
            try {
                agent.accept(new AgentInput.Remembered(from.read().stream()
                        .map(entry -> new AgentInput.Ran(entry.commandId(), entry.commandType(), entry.result()))
                        .toList()));
                then.run();
            } catch (IOException | RuntimeException failure) {
                failed.accept(new RegistrationException(
                        "journal_unreadable",
                        "the journal of what this agent ran can't be read: " + failure.getMessage()));
            }
        });
    }

    /** Whether it may be sent a command again is this agent's to say, not its desktop's. */
    ClientInfo announcedIn(ClientInfo info) {
        List<String> capabilities = new ArrayList<>(info.capabilities());
        capabilities.remove(ClientInfo.COMMAND_JOURNAL);
        if (journal != null) {
            capabilities.add(ClientInfo.COMMAND_JOURNAL);
        }
        return new ClientInfo(
                info.clientType(),
                info.clientId(),
                info.friendlyName(),
                info.hostname(),
                info.monitors(),
                info.codecs(),
                capabilities);
    }

    void began(AgentOutput.JournalBegan order) {
        begins.add(() -> agent.accept(new AgentInput.Began(
                order.commandId(),
                failure(
                        "command " + order.commandId() + " is not run",
                        into -> into.began(order.commandId(), order.commandType())))));
        calls.add(this::next);
    }

    /** A result that can't be written is answered all the same: only what began must not begin again. */
    void done(AgentOutput.JournalDone order) {
        ends.add(() -> {
            String commandId = order.result().commandId();
            failure("the result of command " + commandId + " is not kept", into -> into.done(order.result()));
            agent.accept(new AgentInput.Written(commandId));
        });
        calls.add(this::next);
    }

    /** Called once for each call that was added. */
    private void next() {
        Runnable end = ends.poll();
        Runnable call = end != null ? end : begins.poll();
        if (call != null) {
            call.run();
        }
    }

    private interface Call {
        void on(CommandJournal journal) throws IOException;
    }

    private @Nullable String failure(String meaning, Call call) {
        CommandJournal into = journal;
        if (into == null) {
            return null;
        }
        try {
            call.on(into);
            return null;
        } catch (IOException | RuntimeException thrown) {
            LOG.log(System.Logger.Level.ERROR, meaning, thrown);
            return String.valueOf(thrown.getMessage());
        }
    }
}
