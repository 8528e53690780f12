package io.quickdrop.agent.identity;

import io.quickdrop.protocol.AgentProof;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This desktop's own Ed25519 key pair (RFC 8032), made at the first run and kept in a private file. Safe on any thread. */
public final class AgentKeys {
    /** Name of the file. */
    static final String FILE = "agent-key.pem";

    private static final String ALGORITHM = "Ed25519";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private AgentKeys(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * The kept key pair, or a new one.
     *
     * @throws IdentityException if the file can't be read, written or understood
     */
    public static AgentKeys in(PrivateFolder folder) throws IdentityException {
        Optional<String> kept = folder.read(FILE);
        if (kept.isPresent()) {
            return parse(kept.get(), folder);
        }
        try {
            KeyPair made = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            folder.write(
                    FILE,
                    pem("PRIVATE KEY", made.getPrivate().getEncoded())
                            + pem("PUBLIC KEY", made.getPublic().getEncoded()));
            return new AgentKeys(made.getPrivate(), made.getPublic());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK 17 makes Ed25519 keys", e);
        }
    }

    private static AgentKeys parse(String text, PrivateFolder folder) throws IdentityException {
        String remedy = folder.path().resolve(FILE)
                + " is damaged. Restore it from a backup, or delete it: a new key is made then, which has to be enrolled anew.";
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            AgentKeys keys = new AgentKeys(
                    factory.generatePrivate(new PKCS8EncodedKeySpec(block(text, "PRIVATE KEY"))),
                    factory.generatePublic(new X509EncodedKeySpec(block(text, "PUBLIC KEY"))));
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(keys.publicKey);
            check.update(new byte[] {1});
            if (!check.verify(keys.sign(new byte[] {1}))) {
                throw new IdentityException(remedy);
            }
            return keys;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IdentityException(remedy, e);
        }
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }

    private static byte[] block(String text, String kind) {
        Matcher matcher = Pattern.compile("-----BEGIN " + kind + "-----([A-Za-z0-9+/=\\s]+)-----END " + kind + "-----")
                .matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + kind);
        }
        return Base64.getMimeDecoder().decode(matcher.group(1));
    }

    /** X.509 encoding of the public key. */
    public byte[] publicKey() {
        return publicKey.getEncoded();
    }

    /** What a person compares, here and on the dashboard. */
    public String fingerprint() {
        return AgentProof.fingerprint(publicKey());
    }

    /** Signature over a message, 64 bytes. */
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("an Ed25519 key signs anything", e);
        }
    }
}
