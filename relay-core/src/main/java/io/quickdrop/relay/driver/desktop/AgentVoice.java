package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;

/** How an agent is spoken to, whatever generation it speaks. Safe on any thread; returns at once. */
interface AgentVoice {
    /** Tells it. */
    void tell(AgentMessage message);

    /** Tells it of a mistake of its own, and counts it. */
    void fault(LinkMessage.Problem problem);

    /** Ends its connection. */
    void drop(CloseCode code, String reason);
}
