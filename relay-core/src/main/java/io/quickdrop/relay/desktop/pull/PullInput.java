package io.quickdrop.relay.desktop.pull;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Message;

/** What happens to a pull. A generation names one attempt to connect, and the connection that it became. */
public sealed interface PullInput {
    /**
     * The store says where the desktop is connected.
     *
     * @param epoch of its registration there
     */
    record IsAt(String instanceId, long epoch) implements PullInput {}

    /** The desktop is connected to no other instance: to none at all, or to this one. */
    record IsNowhere() implements PullInput {}

    /** The room of the desktop tells its agent something: what to capture, what it took, who looks. */
    record RoomSaid(AgentMessage message) implements PullInput {}

    /** The connection is open. */
    record Opened(long generation) implements PullInput {}

    /**
     * The connection could not be made, or is gone.
     *
     * @param random uniformly from [0, 1), for the wait until the next attempt
     */
    record Closed(long generation, double random) implements PullInput {}

    /** The other instance said something. */
    record Said(long generation, Message message) implements PullInput {}

    /** The other instance sent pictures. */
    record FrameCame(long generation, Frame frame) implements PullInput {}

    /** Time passed. */
    record Tick() implements PullInput {}
}
