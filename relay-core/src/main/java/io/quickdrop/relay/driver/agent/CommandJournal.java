package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.CommandResult;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent ran, kept over its own death: by it a command runs at most once, however often it is sent. An interface that an
 * embedder implements; every implementation passes {@code CommandJournalContract}. Methods block until what they wrote would
 * survive a power cut. Called one at a time, on any thread.
 */
public interface CommandJournal {
    /**
     * Entries that an implementation remembers at least, the newest; older ones it may forget, but never the newest one of each
     * {@code commandType}, which tells how the desktop was left. No server has a sixteenth of it open at once.
     */
    int REMEMBERED = 4096;

    /**
     * A command that began.
     *
     * @param result what was answered; null if it is not known to have ended
     */
    record Entry(String commandId, String commandType, @Nullable CommandResult result) {}

    /** Everything that is remembered, in the order in which it began. Called once, before the others. */
    List<Entry> read() throws IOException;

    /** A command is about to run; if this fails, it does not. */
    void began(String commandId, String commandType) throws IOException;

    /** A command ended, and this is about to be answered. */
    void done(CommandResult result) throws IOException;
}
