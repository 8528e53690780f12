package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.RoomOutput;
import java.util.Optional;
import java.util.function.Function;

/** Takes the orders of one desktop's room to whom they are for. Confined to its runner's thread. */
final class RoomOrders {
    private final DesktopRelay relay;
    private final Function<AgentId, Optional<AgentVoice>> agents;
    private final Runnable changed;

    /**
     * @param agents how to speak to an agent, if it is the present one
     * @param changed what lists show is another
     */
    RoomOrders(DesktopRelay relay, Function<AgentId, Optional<AgentVoice>> agents, Runnable changed) {
        this.relay = relay;
        this.agents = agents;
        this.changed = changed;
    }

    void carryOut(RoomOutput order) {
        if (order instanceof RoomOutput.Picture picture) {
            relay.viewer(picture.viewer()).ifPresent(voice -> voice.show(picture.frame()));
        } else if (order instanceof RoomOutput.ToViewer to) {
            relay.viewer(to.viewer()).ifPresent(voice -> voice.tell(to.message()));
        } else if (order instanceof RoomOutput.ToAgent to) {
            toAgent(to.agent(), to.message());
        } else if (order instanceof RoomOutput.NoSuchStream none) {
            relay.viewer(none.viewer())
                    .ifPresent(voice -> voice.refuse(LinkMessage.Problem.of(none.reason(), none.detail())));
        } else if (order instanceof RoomOutput.FrameRefused refused) {
            agents.apply(refused.agent())
                    .ifPresent(voice -> voice.fault(LinkMessage.Problem.of(refused.reason(), refused.detail())));
        } else if (order instanceof RoomOutput.ViewChanged) {
            changed.run();
        } else {
            throw new AssertionError("order without a case: " + order);
        }
    }

    /** Tells the agent, if it is still the one that is registered. */
    void toAgent(AgentId agent, AgentMessage message) {
        agents.apply(agent).ifPresent(voice -> voice.tell(message));
    }
}
