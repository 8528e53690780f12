package io.quickdrop.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What an agent signs to prove its key: bound to the connection, the desktop and the server whose key it sees. */
public final class AgentProof {
    /** Stands for the server's key where the connection has no TLS. */
    public static final String WITHOUT_TLS = "none";

    private AgentProof() {}

    /**
     * The bytes to sign with Ed25519 (RFC 8032).
     *
     * @param serverKey SHA-256 of the X.509 encoding of the public key in the server's TLS certificate, 64 lower-case hex
     *     digits, or {@link #WITHOUT_TLS}; so that a stranger in the middle can't pass the signature on
     */
    public static byte[] bytes(AgentMessage.Challenge challenge, String clientId, String serverKey) {
        String text = "quickdrop.v2 agent\n" + challenge.serverId() + "\n" + challenge.nonce() + "\n" + clientId + "\n"
                + serverKey + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What people compare to know a key, and how registers name it: the first half of the SHA-256 of its X.509 encoding,
     * eight groups of four lower-case hex digits.
     */
    public static String fingerprint(byte[] publicKey) {
        try {
            String hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(publicKey), 0, 16);
            return hex.replaceAll("(.{4})(?!$)", "$1-");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
