package io.quickdrop.relay.sim.command;

import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.driver.agent.CommandJournal;
import io.quickdrop.relay.driver.agent.InMemoryCommandJournal;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/** The journal on the agent's disk, which outlives its processes and sometimes can't be written. */
class LastingJournal implements CommandJournal {
    private final InMemoryCommandJournal disk = new InMemoryCommandJournal();
    private final SplittableRandom random;

    LastingJournal(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public List<Entry> read() {
        return disk.read();
    }

    @Override
    public void began(String commandId, String commandType) throws IOException {
        fail();
        disk.began(commandId, commandType);
    }

    @Override
    public void done(CommandResult result) throws IOException {
        fail();
        disk.done(result);
    }

    private void fail() throws IOException {
        if (random.nextInt(200) == 0) {
            throw new IOException("the agent's disk is full");
        }
    }
}
