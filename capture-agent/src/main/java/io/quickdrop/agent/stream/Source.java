package io.quickdrop.agent.stream;

import io.quickdrop.agent.grab.GrabFailedException;
import io.quickdrop.agent.grab.Grabber;
import io.quickdrop.agent.screens.Screen;

/** Opens grabbers: the one thing of {@link io.quickdrop.agent.grab.Grabbers} that capturing needs. */
@FunctionalInterface
public interface Source {
    /** Opens a monitor. */
    Grabber open(Screen screen) throws GrabFailedException;
}
