package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import java.util.List;

/**
 * A machine whose screens are watched. An interface that an embedder of {@link DesktopAgent} implements.
 *
 * <p>Called one at a time on the agent's thread; must not block. What it throws ends the agent.
 */
public interface Desktop {
    /** Who it is and which monitors it has; asked at every registration. */
    ClientInfo info();

    /**
     * What to capture from now on. Whatever must be sent anew, {@link Turn#whole} says.
     *
     * @param plan nothing in it: stop, also because the server is out of reach
     */
    void plan(CapturePlan plan);

    /**
     * Someone wants a picture of a screen as a file.
     *
     * @param reply to be told the outcome, at any time, on any thread
     */
    void screenshot(int screen, ScreenshotReply reply);

    /**
     * The server, which has proved its key, says which servers of the same store there are, itself among them. Told at every registration that names any, and when they change.
     */
    default void neighbours(List<Instance> instances) {}

    /** Who looks at it has changed; for the person in front of it. */
    default void watchers(List<String> names) {}

    /** How it goes: at every change, and each second while connected. */
    default void status(AgentView view) {}
}
