package io.quickdrop.server.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * A private key and the certificates that vouch for it, its own first, as they lie together in one PEM file: together,
 * so that a crash can't leave a key beside another key's certificate. Its text form holds no key.
 */
record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
    /** P-256: what every phone's TLS accepts, with short signatures. */
    private static final String CURVE = "secp256r1";

    KeyAndChain {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
    }

    static KeyPair freshKeys(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK 17 makes P-256 keys", e);
        }
    }

    X509Certificate own() {
        return chain.get(0);
    }

    byte[] toPem() throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(key, null));
            for (X509Certificate certificate : chain) {
                writer.writeObject(certificate);
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads what {@link #toPem} wrote.
     *
     * @throws IOException if it is no PEM, holds no key or no certificate, or the key belongs to another certificate
     */
    static KeyAndChain fromPem(byte[] pem) throws IOException {
        List<PrivateKey> keys = new ArrayList<>();
        List<X509Certificate> chain = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof PrivateKeyInfo key) {
                    keys.add(new JcaPEMKeyConverter().getPrivateKey(key));
                } else if (part instanceof X509CertificateHolder certificate) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(certificate));
                }
            }
            if (keys.size() != 1 || chain.isEmpty()) {
                throw new IOException("found " + keys.size() + " keys and " + chain.size()
                        + " certificates, expected one key and its certificate");
            }
            KeyAndChain read = new KeyAndChain(keys.get(0), chain);
            if (!read.keyFits()) {
                throw new IOException("the key belongs to another certificate");
            }
            return read;
        } catch (CertificateException | RuntimeException e) {
            // The parser answers damaged Base64 and ASN.1 with runtime exceptions of many classes.
            throw new IOException("it can't be decoded", e);
        }
    }

    /** Tried by a signature, because a private key doesn't tell its public half. */
    private boolean keyFits() {
        byte[] probe = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(own().getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "KeyAndChain of " + own().getSubjectX500Principal();
    }
}
