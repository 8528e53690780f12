package io.quickdrop.protocol.v1;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.ViewerMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a desktop or a viewer of v1 says. */
public sealed interface V1Message {
    /** {@code handshake}; without monitors where the client names none. */
    record Handshake(ClientInfo info) implements V1Message {}

    /**
     * {@code frame_data} or {@code dual_screen_frame}: one whole picture of a screen.
     *
     * @param frameNumber as the desktop counts
     * @param timestampMillis when it was taken, on the desktop's wall clock; null where it doesn't say
     * @param quality 1 to 100; null where it doesn't say
     * @param bytes the encoded picture, ready to read
     */
    record Picture(
            long frameNumber,
            @Nullable Long timestampMillis,
            int screen,
            PictureCodec codec,
            int width,
            int height,
            @Nullable Integer quality,
            ByteBuffer bytes)
            implements V1Message {}

    /** {@code get_commands}: what is there to do? */
    record GetCommands() implements V1Message {}

    /** {@code command_result}. */
    record Result(AgentMessage.CommandResult result) implements V1Message {}

    /**
     * {@code stream_status}: how the desktop is doing.
     *
     * @param fps frames a second, 0 where it doesn't say
     * @param quality 1 to 100, 0 where it doesn't say
     */
    record StreamStatus(double fps, int quality) implements V1Message {}

    /** {@code capability_report}: what the desktop could do; nothing follows from it here. */
    record CapabilityReport() implements V1Message {}

    /**
     * {@code ping}.
     *
     * @param timestamp comes back
     */
    record Ping(@Nullable Long timestamp) implements V1Message {}

    /** Something of a viewer that v2 knows too: {@code get_desktop_clients}, {@code start_stream}, {@code stop_stream} … */
    record Asked(ViewerMessage message) implements V1Message {}

    /** {@code frame_ack} of a viewer. */
    record Seen(String desktopClientId, long frameNumber) implements V1Message {}
}
