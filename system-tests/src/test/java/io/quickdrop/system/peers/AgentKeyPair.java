package io.quickdrop.system.peers;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentProof;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;

/** An agent's own key, as a file of it would hold it. */
public final class AgentKeyPair {
    private final KeyPair pair;

    /** A new one. */
    public AgentKeyPair() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK from 15 on has Ed25519", e);
        }
    }

    String publicKey() {
        return base64(pair.getPublic().getEncoded());
    }

    /** The answer to a challenge. */
    String sign(JsonObject challenge, String clientId, String serverKey) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(AgentProof.bytes(
                    new Challenge(
                            challenge.get("nonce").getAsString(),
                            challenge.get("serverId").getAsString()),
                    clientId,
                    serverKey));
            return base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("a key of our own signs", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
