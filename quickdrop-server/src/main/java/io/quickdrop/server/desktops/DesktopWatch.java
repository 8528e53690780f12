package io.quickdrop.server.desktops;

import io.quickdrop.protocol.DesktopClient;

/** Is told who asks to be enrolled. Called on any thread; must not block for long. */
public interface DesktopWatch {
    /** A desktop asks for approval. */
    void asks(DesktopClient desktop);

    /** It doesn't any more: it was refused, or went away. One that was approved is told as a desktop that registered. */
    void asksNoMore(String clientId);
}
