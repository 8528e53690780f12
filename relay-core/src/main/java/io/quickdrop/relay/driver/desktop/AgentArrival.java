package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.driver.Generation;
import org.jspecify.annotations.Nullable;

/**
 * An agent whose registration is stored.
 *
 * @param ack what it is told, behind which it is served
 * @param fingerprint of its key; null where it has none
 */
record AgentArrival(
        AgentId id,
        ClientInfo info,
        HandshakeAck ack,
        Generation generation,
        @Nullable String fingerprint,
        AgentVoice voice) {}
