package io.quickdrop.protocol;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages between a desktop's agent and the server. */
public sealed interface AgentMessage extends Message {
    /**
     * {@code challenge}, the server's first message to an agent. What the agent signs is {@link AgentProof}.
     *
     * @param nonce 32 random bytes, base64url without padding; good for one connection
     * @param serverId stable name of this server's store
     */
    record Challenge(String nonce, String serverId) implements AgentMessage {}

    /**
     * {@code handshake}: who a peer is, its first message. Desktops must prove it; viewers are known by their token.
     *
     * @param publicKey of a desktop: X.509 encoding of its Ed25519 key, base64url without padding
     * @param signature of a desktop: over {@link AgentProof}, base64url without padding
     * @param enrolmentCode of a desktop that is not enrolled yet, where the operator gave it one
     */
    record Handshake(
            ClientInfo clientInfo,
            @Nullable String publicKey,
            @Nullable String signature,
            @Nullable String enrolmentCode)
            implements AgentMessage {}

    /**
     * What a peer says of itself.
     *
     * @param clientType {@code desktop} or {@code web}
     * @param clientId 1 to 64 of {@code A-Za-z0-9._-}; of a viewer any name of that form
     * @param codecs wire names that it can encode (desktop) or show (web), best first
     * @param capabilities of a desktop: commands that it obeys
     */
    record ClientInfo(
            String clientType,
            String clientId,
            @Nullable String friendlyName,
            @Nullable String hostname,
            List<DesktopClient.Monitor> monitors,
            List<String> codecs,
            List<String> capabilities) {
        /** {@code clientType} of an agent. */
        public static final String DESKTOP = "desktop";
        /** {@code clientType} of a viewer. */
        public static final String WEB = "web";
        /**
         * A capability: it keeps what it ran on its disk, so that a command may be sent to it again until it answers. Others are
         * told each command at most once.
         */
        public static final String COMMAND_JOURNAL = "command_journal";

        public ClientInfo {
            monitors = List.copyOf(monitors);
            codecs = List.copyOf(codecs);
            capabilities = List.copyOf(capabilities);
        }
    }

    /** {@code registration_pending}: the key is not enrolled; the agent stays connected until the operator decides. */
    record RegistrationPending(String clientId, String fingerprint, String hint) implements AgentMessage {}

    /**
     * {@code handshake_ack}: the desktop is stored in the registry, and served from now on; to a viewer: it may ask.
     *
     * @param epoch registration number, higher than any before of this desktop; 0 for viewers
     * @param dbRegistered true for desktops: it was stored before this was sent
     * @param desktopHandle to put into frames; absent for viewers
     * @param instances where a desktop may go as well, this server among them; empty where there is only one
     */
    record HandshakeAck(
            String clientId,
            long epoch,
            HeartbeatTiming heartbeat,
            boolean dbRegistered,
            @Nullable Long desktopHandle,
            List<Instance> instances)
            implements AgentMessage {
        public HandshakeAck {
            instances = List.copyOf(instances);
        }

        /** Of a server that names no others. */
        public HandshakeAck(
                String clientId,
                long epoch,
                HeartbeatTiming heartbeat,
                boolean dbRegistered,
                @Nullable Long desktopHandle) {
            this(clientId, epoch, heartbeat, dbRegistered, desktopHandle, List.of());
        }

        /** The same, with the servers to which the desktop may go as well. */
        public HandshakeAck among(List<Instance> others) {
            return new HandshakeAck(clientId, epoch, heartbeat, dbRegistered, desktopHandle, others);
        }
    }

    /**
     * A server to which a desktop may go.
     *
     * @param url {@code https://host:port}
     * @param pin its key, as an agent's {@code --pin} names it: {@code sha256:} and 64 hex digits
     */
    record Instance(String url, String pin) {}

    /** {@code instances}: to which servers a registered desktop may go has changed; as in {@code handshake_ack}. */
    record Instances(List<Instance> instances) implements AgentMessage {
        public Instances {
            instances = List.copyOf(instances);
        }
    }

    /**
     * When silence means death.
     *
     * @param intervalMs between two pings, milliseconds
     * @param silentIntervals after so many a peer is dead
     */
    record HeartbeatTiming(long intervalMs, int silentIntervals) {}

    /**
     * {@code registration_failed}; close 1008 follows after 100 ms, and the agent exits.
     *
     * @param error one of {@link RegistrationError}
     * @param hint what a person can do
     */
    record RegistrationFailed(String clientId, String error, String hint) implements AgentMessage {}

    /**
     * {@code start_capture}: someone looks. Replaces what was asked before; a new one in each changes nothing but that.
     *
     * @param screens which, and what for
     * @param fps most frames a second
     * @param quality to start from, 1 to 100
     * @param codec wire name that every viewer can show
     */
    record StartCapture(List<ScreenWish> screens, int fps, int quality, String codec) implements AgentMessage {
        public StartCapture {
            screens = List.copyOf(screens);
        }
    }

    /**
     * What is wanted of one screen.
     *
     * @param screen index of the monitor
     * @param renditions see {@link Rendition}
     */
    record ScreenWish(int screen, List<Integer> renditions) {
        public ScreenWish {
            renditions = List.copyOf(renditions);
        }
    }

    /** {@code stop_capture}: nobody looks. */
    record StopCapture() implements AgentMessage {}

    /**
     * {@code update_config}: what the operator allows; absent means unchanged.
     *
     * @param maxFps 1 to 60
     * @param maxQuality 1 to 100
     */
    record UpdateConfig(@Nullable Integer maxFps, @Nullable Integer maxQuality) implements AgentMessage {}

    /** {@code request_keyframe}: send the whole picture again, encoded anew. */
    record RequestKeyframe(int screen, int rendition) implements AgentMessage {}

    /**
     * {@code frame_ack} with {@code hop:"relay"}: the server has the frame, and its place in the agent's window is free.
     * Every number up to this one of the same screen, rendition and epoch is acknowledged with it.
     */
    record RelayAck(long frameNumber, int screen, int rendition, long epoch, String hop) implements AgentMessage {
        /** The only value of {@code hop}. */
        public static final String RELAY = "relay";
    }

    /**
     * {@code viewer_report}, every 500 ms while someone looks, and at every change of who does.
     *
     * @param visible viewers whose page is not hidden
     * @param governing the viewer that sets the pace; absent when nobody limits
     * @param watchers who they are, for people
     */
    record ViewerReport(int viewers, int visible, @Nullable Governing governing, List<String> watchers)
            implements AgentMessage {
        public ViewerReport {
            watchers = List.copyOf(watchers);
        }
    }

    /**
     * The allocator's target.
     *
     * @param queueDelayMs how long pictures queue on the way to the governing viewer
     * @param deliveryKbps what the source should not exceed, kilobit a second
     */
    record Governing(long queueDelayMs, long deliveryKbps) {}

    /**
     * {@code agent_status}, every second: how the agent is doing.
     *
     * @param state {@code idle}, {@code capturing}, {@code resting} (captures a still screen) or {@code failed}
     * @param fps frames a second that were sent
     * @param kbps kilobit a second that were sent
     * @param skipped frames not taken since the registration because the window was full
     * @param roundTripMicros smallest round trip to the server of late
     * @param detail why it failed, for people
     */
    record AgentStatus(
            String state,
            double fps,
            int kbps,
            int quality,
            long skipped,
            long roundTripMicros,
            @Nullable String detail)
            implements AgentMessage {}

    /**
     * {@code command}: do this once. Sent again, under a new fence, until {@code command_result} is stored.
     *
     * @param fence grows with every command to this registration; one that is not above the last is stale
     * @param commandType {@code screenshot}, {@code start_capture}, {@code stop_capture} or {@code config}
     * @param expiresInMs milliseconds that are left to begin it; 0: begin it no more, and only say what became of it.
     *     Absent: no limit
     */
    record Command(String commandId, long fence, String commandType, JsonObject commandData, @Nullable Long expiresInMs)
            implements AgentMessage {
        /** Without a limit. */
        public Command(String commandId, long fence, String commandType, JsonObject commandData) {
            this(commandId, fence, commandType, commandData, null);
        }
    }

    /** {@code command_result}: {@code completed}, {@code failed}, or {@code expired} if it was too late to begin it. */
    record CommandResult(String commandId, String status, @Nullable JsonObject result, @Nullable String error)
            implements AgentMessage {}
}
