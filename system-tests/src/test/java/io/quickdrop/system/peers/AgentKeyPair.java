package io.quickdrop.system.peers;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentProof;
import io.quickdrop.relay.driver.agent.Credentials;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

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

    /**
     * For {@code relay-core}'s own agent.
     *
     * @param code sent until it is registered
     */
    public Credentials credentials(String code) {
        return new Credentials() {
            @Override
            public byte[] publicKey() {
                return pair.getPublic().getEncoded();
            }

            @Override
            public byte[] sign(byte[] message) {
                return AgentKeyPair.this.sign(message);
            }

            @Override
            public Optional<String> enrolmentCode() {
                return Optional.of(code);
            }
        };
    }

    String publicKey() {
        return base64(pair.getPublic().getEncoded());
    }

    /** The answer to a challenge. */
    String sign(JsonObject challenge, String clientId, String serverKey) {
        Challenge asked = new Challenge(
                challenge.get("nonce").getAsString(), challenge.get("serverId").getAsString());
        return base64(sign(AgentProof.bytes(asked, clientId, serverKey)));
    }

    private byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("a key of our own signs", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
