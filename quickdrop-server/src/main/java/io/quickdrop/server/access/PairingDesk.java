package io.quickdrop.server.access;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Hands out the secrets that QR codes carry, and takes each of them back once, in time. Only hashes are kept.
 *
 * <p>Safe on any thread. The secrets can't be guessed at any rate; that five bad tries make an address wait keeps noise
 * off the audit log.
 */
public final class PairingDesk {
    /** Life of a secret on the dashboard, which renews it by itself. */
    public static final Duration PAGE_LIFE = Duration.ofMinutes(2);

    /** Life of a secret in the terminal, where a person has to ask for the next one. */
    public static final Duration TERMINAL_LIFE = Duration.ofMinutes(10);

    private final SecureRandom random;
    private final OneTimeSecrets secrets;

    /** An empty desk; what was handed out before a restart is void. */
    public PairingDesk(InstantSource clock, SecureRandom random) {
        this.random = random;
        this.secrets = new OneTimeSecrets(clock);
    }

    /** A fresh secret, good once and for {@code life}. */
    public Offer offer(Duration life) {
        String secret = Token.fresh(random, Token.SECRET_BYTES);
        secrets.offer(secret, life);
        return new Offer(secret, life);
    }

    /** Takes {@code secret} back from {@code remote}. A right one is spent by this, whatever happens next. */
    public Redemption redeem(String secret, InetAddress remote) {
        return secrets.redeem(secret, RemoteNetwork.of(remote));
    }

    /**
     * A secret to show.
     *
     * @param secret base64url of 128 random bits; belongs into the fragment of a URL and into no log
     * @param life from now on
     */
    public record Offer(String secret, Duration life) {
        @Override
        public String toString() {
            return "Offer[life=" + life + "]";
        }
    }
}
