package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.PeerIdentity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decides which desktops may register. An interface that an embedder implements. */
public interface DesktopGate {
    /**
     * Judges an agent. Called on a thread that may block.
     *
     * @param pending told at most once, before the result, if a person has to decide first
     * @return completes with the decision, at some time
     */
    CompletionStage<Admission> admit(Application application, Consumer<Pending> pending);

    /** Lets everybody in: for tests, and for embedders that authenticate by other means. */
    static DesktopGate open() {
        return (application, pending) -> CompletableFuture.completedFuture(new Admission.Admitted());
    }

    /**
     * Who wants in.
     *
     * @param identity as the transport authenticated it
     * @param challenge what it was sent; null for v1, which has no keys
     * @param stillThere whether its connection is still open
     */
    record Application(
            PeerIdentity identity,
            Generation generation,
            @Nullable Challenge challenge,
            Handshake handshake,
            BooleanSupplier stillThere) {}

    /** It waits for a person; both are told to the agent. */
    record Pending(String fingerprint, String hint) {}

    /** The decision. */
    sealed interface Admission {
        /**
         * It may register.
         *
         * @param fingerprint of its key, for people to compare; null where it has none
         */
        record Admitted(@Nullable String fingerprint) implements Admission {
            /** Without a key. */
            public Admitted() {
                this(null);
            }
        }

        /**
         * It may not.
         *
         * @param error one of {@link io.quickdrop.protocol.RegistrationError}
         * @param hint what a person can do
         */
        record Refused(String error, String hint) implements Admission {}
    }
}
