package io.quickdrop.relay.desktop.registration;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.CloseCode;

/** What an {@link AgentLink} orders. */
public sealed interface AgentLinkOutput {
    /** Ask the gate; it answers with {@code WaitsForPerson}, {@code Admitted} or {@code Refused}. */
    record Judge(Handshake handshake) implements AgentLinkOutput {}

    /** Show the operator that a desktop waits. */
    record Announce(ClientInfo info, String fingerprint) implements AgentLinkOutput {}

    /** It waits no longer. */
    record Withdraw(String clientId) implements AgentLinkOutput {}

    /** Store the registration durably; the answer is {@code Stored} or {@code StoreFailed}. */
    record Store(ClientInfo info) implements AgentLinkOutput {}

    /** Send the agent {@code ack}, and then serve it. */
    record Serve(ClientInfo info, HandshakeAck ack) implements AgentLinkOutput {}

    /** Serve it no longer. */
    record Leave() implements AgentLinkOutput {}

    /** Tell the agent. */
    record Send(AgentMessage message) implements AgentLinkOutput {}

    /** Tell the agent of a mistake of its own. */
    record Fault(String reason, String detail) implements AgentLinkOutput {}

    /** Close the connection. */
    record Close(CloseCode code, String reason) implements AgentLinkOutput {}
}
