package io.quickdrop.server.desktops;

import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentProof;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges an agent's proof: does it hold the key that it shows, on this connection, to this server. */
final class AgentSignature {
    private static final String ED25519 = "Ed25519";

    private AgentSignature() {}

    /**
     * The fingerprint of the key that signed.
     *
     * @param serverKeys hashes of the keys that this server has shown in TLS handshakes; the agent saw one of them
     * @return empty if the key is none, or the signature is not of this key, challenge, desktop and server
     */
    static Optional<String> proven(Challenge challenge, Handshake handshake, Set<String> serverKeys) {
        byte[] encodedKey = decoded(handshake.publicKey());
        byte[] signature = decoded(handshake.signature());
        try {
            PublicKey key = KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(encodedKey));
            // One key must have one fingerprint: an encoding that Java tolerates and would not write is refused.
            if (!Arrays.equals(key.getEncoded(), encodedKey)) {
                return Optional.empty();
            }
            String clientId = handshake.clientInfo().clientId();
            for (String serverKey : serverKeys) {
                Signature check = Signature.getInstance(ED25519);
                check.initVerify(key);
                check.update(AgentProof.bytes(challenge, clientId, serverKey));
                if (check.verify(signature)) {
                    return Optional.of(AgentProof.fingerprint(encodedKey));
                }
            }
            return Optional.empty();
        } catch (GeneralSecurityException notOne) {
            // neither a key nor a signature of Ed25519: not proven
            return Optional.empty();
        }
    }

    private static byte[] decoded(@Nullable String base64Url) {
        try {
            return Base64.getUrlDecoder().decode(base64Url == null ? "" : base64Url);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }
}
