package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.ViewerMessage;

/** What a room orders. */
public sealed interface RoomOutput {
    /** Tell the agent. */
    record ToAgent(AgentId agent, AgentMessage message) implements RoomOutput {}

    /** Tell a viewer. */
    record ToViewer(ViewerId viewer, ViewerMessage message) implements RoomOutput {}

    /** Send a viewer pictures; their bytes are shared with every other viewer. */
    record Picture(ViewerId viewer, Frame frame) implements RoomOutput {}

    /** Refuse a viewer's {@code start_stream}. */
    record NoSuchStream(ViewerId viewer, String reason, String detail) implements RoomOutput {}

    /**
     * Tell an agent why its frame was dropped; its connection stays open. At most one a second.
     *
     * @param reason one of {@link io.quickdrop.protocol.ErrorReason}
     */
    record FrameRefused(AgentId agent, String reason, String detail) implements RoomOutput {}

    /** What lists of desktops show has changed: {@link RoomView}. */
    record ViewChanged() implements RoomOutput {}
}
