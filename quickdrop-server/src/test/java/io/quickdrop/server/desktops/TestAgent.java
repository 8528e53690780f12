package io.quickdrop.server.desktops;

import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentProof;
import io.quickdrop.protocol.DesktopClient.Monitor;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A desktop's agent as far as its key goes. */
public final class TestAgent {
    private final String clientId;
    private final KeyPair keys;

    /** An agent with a new key. */
    public TestAgent(String clientId) {
        this(clientId, newKeys("Ed25519"));
    }

    private TestAgent(String clientId, KeyPair keys) {
        this.clientId = clientId;
        this.keys = keys;
    }

    static KeyPair newKeys(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The same key under another name. */
    TestAgent renamed(String otherName) {
        return new TestAgent(otherName, keys);
    }

    String fingerprint() {
        return AgentProof.fingerprint(keys.getPublic().getEncoded());
    }

    ClientInfo info() {
        return new ClientInfo(
                ClientInfo.DESKTOP,
                clientId,
                clientId + "'s screen",
                "host",
                List.of(new Monitor(0, "HDMI-1", 0, 0, 1280, 720, true)),
                List.of("jpeg", "png"),
                List.of("screenshot"));
    }

    /** What an agent answers that sees {@code serverKey} in the TLS handshake. */
    public Handshake handshake(Challenge challenge, String serverKey, @Nullable String code) {
        return new Handshake(
                info(),
                base64(keys.getPublic().getEncoded()),
                base64(sign(AgentProof.bytes(challenge, clientId, serverKey))),
                code);
    }

    private byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
