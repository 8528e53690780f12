package io.quickdrop.relay.desktop.agent;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.relay.desktop.StreamKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent's session orders. */
public sealed interface AgentOutput {
    /** Tell the server. */
    record Send(AgentMessage message) implements AgentOutput {}

    /** Send the handshake, with the proof that answers this. */
    record Introduce(Challenge challenge) implements AgentOutput {}

    /** The server stored the registration: begin with nothing on its way. */
    record Registered(long epoch, long desktopHandle, HeartbeatTiming heartbeat) implements AgentOutput {}

    /** The server, which has proved itself, says to which others this desktop may go; empty if it names none. */
    record Neighbours(List<Instance> instances) implements AgentOutput {
        public Neighbours {
            instances = List.copyOf(instances);
        }
    }

    /** The registration is gone: send nothing of it any more. */
    record Unregistered() implements AgentOutput {}

    /** Capture this from now on. */
    record Plan(CapturePlan plan) implements AgentOutput {}

    /**
     * The server's wish for the pace.
     *
     * @param first whether capturing begins with it
     */
    record Asked(int fps, int quality, boolean first) implements AgentOutput {}

    /** The operator's bounds; null is unchanged. */
    record Allowed(@Nullable Integer maxFps, @Nullable Integer maxQuality) implements AgentOutput {}

    /** The next frame of this stream must be whole. */
    record Repaint(StreamKey stream) implements AgentOutput {}

    /** The server has this frame of a stream, and all before it. */
    record Acknowledged(StreamKey stream, long epoch, long frameNumber) implements AgentOutput {}

    /** Who sets the pace, as the server reports it. */
    record Governed(@Nullable Governing by) implements AgentOutput {}

    /** Other people watch now. */
    record Watched(List<String> names) implements AgentOutput {
        public Watched {
            names = List.copyOf(names);
        }
    }

    /**
     * Take a screenshot, and send its file under the fence. {@link AgentInput.Done} follows.
     *
     * @param again it was ordered before: the one that was taken then is sent, and no other is taken
     */
    record TakeScreenshot(long epoch, String commandId, long fence, int screen, boolean again) implements AgentOutput {}

    /** Tell the journal that a command begins. {@link AgentInput.Began} follows. */
    record JournalBegan(String commandId, String commandType) implements AgentOutput {}

    /** Tell the journal how a command ended. {@link AgentInput.Written} follows. */
    record JournalDone(CommandResult result) implements AgentOutput {}

    /** Tell the server how we are doing. */
    record ReportStatus() implements AgentOutput {}

    /** This connection leads nowhere; another may. */
    record GiveUp(String reason) implements AgentOutput {}

    /** The server will not have this desktop, and trying again would not help. */
    record Refused(String error, String hint) implements AgentOutput {}
}
