package io.quickdrop.protocol;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages between a viewer and the server. */
public sealed interface ViewerMessage extends Message {
    /** {@code get_desktop_clients}: asks for the list, and for a new one at every change from now on. */
    record GetDesktopClients() implements ViewerMessage {}

    /** {@code desktop_clients_list}. */
    record DesktopClientsList(List<DesktopClient> clients) implements ViewerMessage {
        public DesktopClientsList {
            clients = List.copyOf(clients);
        }
    }

    /**
     * {@code start_stream}: look at a screen.
     *
     * @param monitorId absent means the primary one
     * @param rendition see {@link Rendition}; absent means tiles
     * @param redirect whether the viewer would rather look at the instance where the desktop is connected: then the answer
     *     may be {@link StreamElsewhere}; without it, pictures come through this instance
     */
    record StartStream(
            String desktopClientId, @Nullable Integer monitorId, @Nullable Integer rendition, boolean redirect)
            implements ViewerMessage {
        /** Through this instance. */
        public StartStream(String desktopClientId, @Nullable Integer monitorId, @Nullable Integer rendition) {
            this(desktopClientId, monitorId, rendition, false);
        }
    }

    /**
     * {@code stream_elsewhere}, the answer to a {@link StartStream} with {@code redirect}: the desktop is connected to
     * another instance. Nothing was started here; who can't reach it asks again without {@code redirect}.
     *
     * @param monitorId as it was asked
     * @param rendition as it was asked
     * @param url of the other instance, {@code https://host:port}
     * @param ticket lets in there, for a short time, in the place of a token
     */
    record StreamElsewhere(
            String desktopClientId, @Nullable Integer monitorId, @Nullable Integer rendition, String url, String ticket)
            implements ViewerMessage {}

    /**
     * {@code stream_started}: pictures of this epoch follow; sent again when the desktop comes back under a new one.
     *
     * @param desktopHandle stands for the desktop in frames
     * @param width of the monitor, pixels
     */
    record StreamStarted(
            String desktopClientId, int monitorId, int rendition, long desktopHandle, long epoch, int width, int height)
            implements ViewerMessage {}

    /** {@code stop_stream}: look away; absent {@code monitorId} or {@code rendition} means all of them. */
    record StopStream(String desktopClientId, @Nullable Integer monitorId, @Nullable Integer rendition)
            implements ViewerMessage {}

    /**
     * {@code stream_stopped}.
     *
     * @param reason {@link #ASKED}, {@link #DESKTOP_GONE}, {@link #DESKTOP_REMOVED} or {@link #ORIGIN_UNREACHABLE}
     * @param url with {@link #ORIGIN_UNREACHABLE}: the instance where the desktop is connected, for who can reach it
     */
    record StreamStopped(String desktopClientId, int monitorId, int rendition, String reason, @Nullable String url)
            implements ViewerMessage {
        /** The viewer asked for it. */
        public static final String ASKED = "asked";
        /** Keep the picture, marked stale: {@code stream_started} comes by itself. */
        public static final String DESKTOP_GONE = "desktop_gone";
        /** The desktop is enrolled no longer. */
        public static final String DESKTOP_REMOVED = "desktop_removed";
        /**
         * The instance where the desktop is connected can't be reached from here: keep the picture, marked stale; {@code
         * stream_started} comes by itself.
         */
        public static final String ORIGIN_UNREACHABLE = "origin_unreachable";

        /** Without the address of another instance. */
        public StreamStopped(String desktopClientId, int monitorId, int rendition, String reason) {
            this(desktopClientId, monitorId, rendition, reason, null);
        }
    }

    /**
     * {@code frame_ack} of a viewer: what is on its glass. Sent at most 50 ms after a paint, and when the page hides or
     * shows. It frees this viewer's window alone, up to and with {@code frameNumber}.
     *
     * @param frameNumber newest one painted, as numbered to this viewer; 0 for none yet
     * @param receivedNumber newest one received
     * @param paintMicros from receiving the newest painted frame's last byte to its being on the canvas
     * @param decoderQueue pictures received and not painted
     * @param hidden whether nobody can see the page
     */
    record PaintedAck(
            String desktopClientId,
            int monitorId,
            int rendition,
            long epoch,
            long frameNumber,
            long receivedNumber,
            long paintMicros,
            int decoderQueue,
            boolean hidden)
            implements ViewerMessage {}

    /**
     * {@code stream_stats}, about every second: how old the picture is and who limits it.
     *
     * @param fps frames a second that this viewer was sent
     * @param kbps kilobit a second that this viewer was sent
     * @param limitedBy for people; absent where nothing does
     */
    record StreamStats(
            String desktopClientId,
            int monitorId,
            int rendition,
            int viewers,
            double fps,
            int kbps,
            int quality,
            Age age,
            @Nullable String limitedBy)
            implements ViewerMessage {}

    /**
     * Age of the newest painted picture when it reached this viewer's glass, by stage, milliseconds; each stage is measured
     * on one clock.
     *
     * @param captureMs reading, comparing and encoding at the agent
     * @param uplinkMs agent to server
     * @param relayMs waiting at the server for this viewer's window
     * @param downlinkMs server to viewer
     * @param paintMs receiving to canvas
     * @param totalMs the sum
     */
    record Age(double captureMs, double uplinkMs, double relayMs, double downlinkMs, double paintMs, double totalMs) {}

    /**
     * {@code desktop_command}: have a desktop do something.
     *
     * @param commandType as in {@link AgentMessage.Command}
     * @param idempotencyKey comes back in every status, so that the asker knows its own; the same command under the same key
     *     is the same command
     * @param expiresInMs how long it may wait to be begun, milliseconds; absent: 30 s
     */
    record DesktopCommand(
            String desktopClientId,
            String commandType,
            JsonObject commandData,
            @Nullable String idempotencyKey,
            @Nullable Long expiresInMs)
            implements ViewerMessage {
        /** With the usual time to wait. */
        public DesktopCommand(
                String desktopClientId, String commandType, JsonObject commandData, @Nullable String idempotencyKey) {
            this(desktopClientId, commandType, commandData, idempotencyKey, null);
        }
    }

    /**
     * {@code command_status}.
     *
     * @param status {@code pending}, {@code delivered}, {@code completed}, {@code failed} or {@code expired}
     */
    record CommandStatus(
            String commandId,
            String status,
            @Nullable String idempotencyKey,
            @Nullable JsonObject result,
            @Nullable String error)
            implements ViewerMessage {}
}
