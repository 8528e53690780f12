package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import org.jspecify.annotations.Nullable;

/** What happens to a desktop and to those who look at it. */
public sealed interface RoomInput {
    /** How an agent sends pictures. */
    enum AgentKind {
        /** v2: each rendition by itself, tiles for the full size. */
        RENDITIONS,
        /** v1: one row of whole pictures, which serves every rendition, and a window that a viewer's paint opens. */
        WHOLE_PICTURES,
        /** Another instance, which passes on what an agent of v2 sends. */
        PULLED_RENDITIONS,
        /** Another instance, which passes on what an agent of v1 sends; its window opens when a picture is here. */
        PULLED_WHOLE_PICTURES;

        /** Whether one row of whole pictures serves every rendition. */
        public boolean isWhole() {
            return this == WHOLE_PICTURES || this == PULLED_WHOLE_PICTURES;
        }

        /** Whether the pictures come through another instance. */
        public boolean isPulled() {
            return this == PULLED_RENDITIONS || this == PULLED_WHOLE_PICTURES;
        }
    }

    /** An agent registered; whichever was here before is superseded. */
    record AgentCame(AgentId agent, ClientInfo info, long epoch, long desktopHandle, AgentKind kind)
            implements RoomInput {}

    /** An agent's connection is gone; a late one, of an agent that was superseded, changes nothing. */
    record AgentGone(AgentId agent) implements RoomInput {}

    /**
     * Nothing comes from the other instance for now; who looks keeps the picture and is told that it is stale.
     *
     * @param reason as in {@link io.quickdrop.protocol.ViewerMessage.StreamStopped}
     * @param url where else it may be looked at; null for nowhere
     */
    record AgentAway(AgentId agent, String reason, @Nullable String url) implements RoomInput {}

    /** The other instance sends again, under the same epoch, and from the beginning. */
    record AgentBack(AgentId agent) implements RoomInput {}

    /** What the other instance tells of the stream that it sends here. */
    record OriginStats(AgentId agent, StreamStats stats) implements RoomInput {}

    /** Pictures came; those of another agent or epoch than the present ones are dropped. */
    record FrameCame(AgentId agent, Frame frame) implements RoomInput {}

    /** How the agent says it is doing. */
    record StatusCame(AgentId agent, AgentStatus status) implements RoomInput {}

    /**
     * A viewer looks at a screen.
     *
     * @param name who it is, for people
     * @param screen null means the primary one
     */
    record ViewerCame(ViewerId viewer, String name, @Nullable Integer screen, int rendition) implements RoomInput {}

    /** A viewer looks away; null means all of them. */
    record ViewerLeft(ViewerId viewer, @Nullable Integer screen, @Nullable Integer rendition) implements RoomInput {}

    /** A viewer's connection is gone. */
    record ViewerGone(ViewerId viewer) implements RoomInput {}

    /** A viewer tells what is on its glass. */
    record Painted(ViewerId viewer, PaintedAck ack) implements RoomInput {}

    /**
     * A viewer is another instance, and tells who looks there.
     *
     * @param name of the instance, for people
     */
    record Reported(ViewerId viewer, String name, ViewerReport report) implements RoomInput {}

    /** The picture that a viewer (another instance) has of a stream has holes. */
    record WholeWanted(ViewerId viewer, int screen, int rendition) implements RoomInput {}

    /** Time passed. */
    record Tick() implements RoomInput {}
}
