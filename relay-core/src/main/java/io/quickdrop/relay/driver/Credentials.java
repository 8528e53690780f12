package io.quickdrop.relay.driver;

import java.util.Optional;

/** How a desktop proves who it is: its own Ed25519 key. Called on the agent's thread; must not block. */
public interface Credentials {
    /** X.509 encoding of the public key. */
    byte[] publicKey();

    /** Signature with the private key (RFC 8032), 64 bytes. */
    byte[] sign(byte[] message);

    /** What the operator gave the person who set this desktop up; sent until the desktop is registered. */
    Optional<String> enrolmentCode();
}
