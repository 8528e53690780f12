package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.DesktopClient;

/** What an app shows of desktops. Called on the relay's threads, one call at a time and in order; must not block. */
public interface DesktopListener {
    /** A desktop registered, or asks to be enrolled: its state says which. */
    default void connected(DesktopClient desktop) {}

    /** Something about a desktop changed; at most once a second each. */
    default void changed(DesktopClient desktop) {}

    /**
     * A desktop's connection is gone.
     *
     * @param removed whether it is also not enrolled: revoked, or it gave up asking
     */
    default void disconnected(String clientId, boolean removed) {}
}
