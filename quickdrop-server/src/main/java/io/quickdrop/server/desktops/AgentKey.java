package io.quickdrop.server.desktops;

import java.time.Instant;

/**
 * The key of a desktop's agent, as the register keeps it.
 *
 * @param fingerprint of the public key, see {@link io.quickdrop.protocol.AgentProof#fingerprint}
 * @param clientId the desktop that it speaks for, and the only one
 * @param name what the desktop called itself when it was enrolled, for people
 * @param enrolledAt when the operator let it in, whole milliseconds
 * @param revoked whether it was taken away; it is kept so that its agent can be told why it is refused
 */
public record AgentKey(String fingerprint, String clientId, String name, Instant enrolledAt, boolean revoked) {}
