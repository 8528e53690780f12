package io.quickdrop.relay.driver.command;

/** Told by a store that something may be there to read. A wake that is lost costs a second. Safe on any thread; returns at once. */
public interface CommandWakes {
    /** A desktop has a pending command. */
    void waiting(String clientId);

    /** A command was delivered, or has ended. */
    void changed(String commandId);

    /** Wakes were lost: everything may have changed. */
    void lost();
}
