package io.quickdrop.relay.desktop.registration;

import io.quickdrop.protocol.AgentMessage.Handshake;

/** What happens to the connection of an agent until it is served. */
public sealed interface AgentLinkInput {
    /** The agent says who it is. */
    record HandshakeCame(Handshake handshake) implements AgentLinkInput {}

    /**
     * Something else came that only registered desktops may send.
     *
     * @param what it was, for people
     */
    record OtherCame(String what) implements AgentLinkInput {}

    /** A person has to decide first. */
    record WaitsForPerson(String fingerprint, String hint) implements AgentLinkInput {}

    /** It may register. */
    record Admitted() implements AgentLinkInput {}

    /**
     * It may not register.
     *
     * @param error one of {@link io.quickdrop.protocol.RegistrationError}
     */
    record Refused(String error, String hint) implements AgentLinkInput {}

    /** The registration is on the disk. */
    record Stored(long epoch, long desktopHandle) implements AgentLinkInput {}

    /** The registration could not be stored. */
    record StoreFailed() implements AgentLinkInput {}

    /** The connection is gone. */
    record ConnectionLost() implements AgentLinkInput {}

    /** Time passed. */
    record Tick() implements AgentLinkInput {}
}
