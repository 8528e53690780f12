package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentProof;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a desktop proves who it is: its own Ed25519 key. Called on the agent's thread; must not block. */
public interface Credentials {
    /** X.509 encoding of the public key. */
    byte[] publicKey();

    /** Signature with the private key (RFC 8032), 64 bytes. */
    byte[] sign(byte[] message);

    /** What the operator gave the person who set this desktop up; sent until the desktop is registered. */
    Optional<String> enrolmentCode();

    /**
     * The message that introduces a desktop.
     *
     * @param serverKey as {@link io.quickdrop.relay.driver.client.ConnectionEvents#secured} told it; null without TLS
     */
    default Handshake handshake(Challenge challenge, ClientInfo info, @Nullable String serverKey) {
        byte[] proof =
                AgentProof.bytes(challenge, info.clientId(), serverKey == null ? AgentProof.WITHOUT_TLS : serverKey);
        Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
        return new Handshake(
                info,
                text.encodeToString(publicKey()),
                text.encodeToString(sign(proof)),
                enrolmentCode().orElse(null));
    }
}
