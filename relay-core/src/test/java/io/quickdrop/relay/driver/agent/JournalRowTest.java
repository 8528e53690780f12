package io.quickdrop.relay.driver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.desktop.agent.AgentOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class JournalRowTest {
    private final List<String> written = new ArrayList<>();
    private final Queue<Runnable> storage = new ArrayDeque<>();
    private final CommandJournal journal = new CommandJournal() {
        @Override
        public List<Entry> read() {
            return List.of();
        }

        @Override
        public void began(String commandId, String commandType) {
            written.add("began " + commandId);
        }

        @Override
        public void done(CommandResult result) {
            written.add("done " + result.commandId());
        }
    };
    private final JournalRow row = new JournalRow(journal, storage::add, input -> {});

    @Test
    void whatEndedIsWrittenBeforeWhatIsToBegin() {
        for (String id : List.of("a", "b", "c")) {
            row.began(new AgentOutput.JournalBegan(id, "config"));
        }
        row.done(new AgentOutput.JournalDone(new CommandResult("earlier", "completed", null, null)));
        while (!storage.isEmpty()) {
            storage.remove().run();
        }
        assertThat(written).containsExactly("done earlier", "began a", "began b", "began c");
    }
}
