package io.quickdrop.server.desktops;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopGate.Admission.Admitted;
import io.quickdrop.relay.driver.desktop.DesktopGate.Admission.Refused;
import io.quickdrop.server.access.AuditNotes;
import io.quickdrop.server.access.EnrolmentCodes;
import io.quickdrop.server.access.RateLimit;
import io.quickdrop.server.access.Redemption;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lets desktops in by their key: one that is enrolled at once, another one with a code that the operator made, or when the
 * operator approves its fingerprint. Nothing of a desktop is believed before its signature is checked.
 *
 * <p>Safe on any thread; calls wait for the register of keys.
 */
public final class EnrolmentGate implements DesktopGate {
    /** Enrolled desktops, far more than one operator looks after. */
    static final int MAX_DESKTOPS = 256;

    private static final int ASKS_AT_ONCE = 10;
    private static final Duration NEXT_ASK = Duration.ofMinutes(1);
    private static final int MAX_PARTIES = 1024;

    private final AgentKeys keys;
    private final EnrolmentCodes codes;
    private final Supplier<Set<String>> serverKeys;
    private final Supplier<List<DesktopClient>> known;
    private final AuditNotes audit;
    private final InstantSource clock;
    private final WaitingRoom waiting;
    private final RateLimit asks = new RateLimit(ASKS_AT_ONCE, NEXT_ASK, MAX_PARTIES, System::nanoTime);

    /**
     * Nobody waits yet.
     *
     * @param serverKeys SHA-256 of the public keys that this server shows in TLS handshakes, 64 lower-case hex digits
     * @param known every desktop that has registered
     */
    public EnrolmentGate(
            AgentKeys keys,
            EnrolmentCodes codes,
            Supplier<Set<String>> serverKeys,
            Supplier<List<DesktopClient>> known,
            AuditNotes audit,
            InstantSource clock) {
        this.keys = keys;
        this.codes = codes;
        this.serverKeys = serverKeys;
        this.known = known;
        this.audit = audit;
        this.clock = clock;
        this.waiting = new WaitingRoom(clock);
    }

    @Override
    public CompletionStage<Admission> admit(Application application, Consumer<Pending> pending) {
        try {
            return application.generation() == Generation.V1
                    ? CompletableFuture.completedFuture(judgeV1(application))
                    : judge(application, pending);
        } catch (StorageException e) {
            return refused(
                    RegistrationError.STORE_UNAVAILABLE,
                    "the server can't read its register of keys; its log says why. Nothing was registered.");
        }
    }

    /**
     * One without a key is let in by where it comes from, but never under the name of one that has a key; and since it may
     * call itself anything, only so many names are learnt.
     */
    private Admission judgeV1(Application application) throws StorageException {
        String clientId = application.handshake().clientInfo().clientId();
        List<DesktopClient> served = known.get();
        if (served.size() >= MAX_DESKTOPS
                && served.stream().noneMatch(desktop -> desktop.clientId().equals(clientId))) {
            return new Refused(
                    RegistrationError.TOO_MANY_DESKTOPS,
                    "allowed are " + MAX_DESKTOPS + " desktops: remove one on the dashboard that is no longer used");
        }
        return keys.holder(clientId).isPresent()
                ? new Refused(
                        RegistrationError.CLIENT_ID_TAKEN, "'" + clientId + "' belongs to a desktop that has a key")
                : new Admitted();
    }

    private CompletionStage<Admission> judge(Application application, Consumer<Pending> pending)
            throws StorageException {
        String clientId = application.handshake().clientInfo().clientId();
        Optional<String> proven = application.challenge() == null
                ? Optional.empty()
                : AgentSignature.proven(application.challenge(), application.handshake(), serverKeys.get());
        if (proven.isEmpty()) {
            return refused(
                    RegistrationError.SIGNATURE_WRONG,
                    "the agent's signature does not fit its key, this connection and this server: "
                            + "is there a proxy in between that shows another certificate?");
        }
        String fingerprint = proven.get();
        Optional<AgentKey> known = keys.find(fingerprint);
        if (known.isPresent() && !known.get().clientId().equals(clientId)) {
            return refused(
                    RegistrationError.CLIENT_ID_TAKEN,
                    "this agent's key is enrolled as '" + known.get().clientId() + "', not as '" + clientId + "'");
        }
        if (known.isPresent() && !known.get().revoked()) {
            return CompletableFuture.completedFuture(new Admitted(fingerprint));
        }
        if (keys.holder(clientId).isPresent()) {
            return refused(
                    RegistrationError.CLIENT_ID_TAKEN,
                    "another key is enrolled as '" + clientId
                            + "': choose another name for this desktop, or revoke that one on the dashboard");
        }
        String code = application.handshake().enrolmentCode();
        if (code != null && !code.isBlank()) {
            return redeem(application, fingerprint, code);
        }
        if (known.isPresent()) {
            return refused(
                    RegistrationError.REVOKED,
                    "this desktop was revoked on the dashboard; to let it in again, add it there with a new code");
        }
        return ask(application, fingerprint, pending);
    }

    private CompletionStage<Admission> redeem(Application application, String fingerprint, String code)
            throws StorageException {
        String clientId = application.handshake().clientInfo().clientId();
        String party = application.identity().device();
        Redemption outcome = codes.redeem(code, party);
        if (outcome instanceof Redemption.TooManyTries wait) {
            audit.note(party, "desktop_enrol", clientId, "refused: too many tries");
            return refused(
                    RegistrationError.TOO_MANY_TRIES,
                    "too many wrong codes from this address; wait " + wait.retryAfterSeconds() + " s");
        }
        if (outcome instanceof Redemption.Expired) {
            audit.note(party, "desktop_enrol", clientId, "refused: wrong code");
            return refused(
                    RegistrationError.CODE_WRONG,
                    "this code was used, is older than ten minutes, or was never given out: make a new one on the "
                            + "dashboard under 'Add a desktop'");
        }
        Admission admission = enrol(
                new WaitingRoom.Guest(fingerprint, party, application, clock.instant(), new CompletableFuture<>()));
        audit.note(party, "desktop_enrol", clientId, result(admission, "enrolled by code, key " + fingerprint));
        return CompletableFuture.completedFuture(admission);
    }

    private CompletionStage<Admission> ask(Application application, String fingerprint, Consumer<Pending> pending) {
        Optional<Duration> wait = asks.take(application.identity().device());
        if (wait.isPresent()) {
            return refused(
                    RegistrationError.TOO_MANY_TRIES,
                    "too many requests for approval from this address; wait "
                            + (1 + wait.get().toSeconds()) + " s");
        }
        sweep();
        Optional<WaitingRoom.Guest> former = waiting.take(fingerprint);
        former.ifPresent(guest -> leave(guest, RegistrationError.NOT_APPROVED, "this agent has asked again since"));
        Optional<WaitingRoom.Guest> entered = waiting.enter(fingerprint, application);
        if (entered.isEmpty()) {
            return refused(
                    RegistrationError.TOO_MANY_DESKTOPS,
                    "too many desktops wait for approval already: ask the operator for a code");
        }
        WaitingRoom.Guest guest = entered.get();
        pending.accept(new Pending(
                fingerprint,
                "approve this desktop on the dashboard within ten minutes, if it shows this fingerprint there"));
        audit.note(guest.party(), "desktop_ask", guest.info().clientId(), "waits, key " + fingerprint);
        return guest.decision();
    }

    /** Those who wait for the operator; not those who have gone and are not swept out yet. */
    public List<DesktopClient> pending() {
        return waiting.guests().stream()
                .filter(guest -> guest.application().stillThere().getAsBoolean())
                .map(WaitingRoom.Guest::shown)
                .toList();
    }

    /**
     * The operator lets a desktop in that waits.
     *
     * @param who for the audit log
     * @return false if nobody waits with this fingerprint
     * @throws StorageException if it can't be kept; the agent is told so as well
     */
    public boolean approve(String fingerprint, String who) throws StorageException {
        Optional<WaitingRoom.Guest> taken = waiting.take(fingerprint);
        if (taken.isEmpty()) {
            return false;
        }
        WaitingRoom.Guest guest = taken.get();
        Admission admission;
        try {
            admission = enrol(guest);
        } catch (StorageException e) {
            leave(guest, RegistrationError.STORE_UNAVAILABLE, "the server could not keep the approval");
            throw e;
        }
        audit.note(who, "desktop_approve", guest.info().clientId(), result(admission, "key " + fingerprint));
        if (admission instanceof Refused refused) {
            leave(guest, refused.error(), refused.hint());
        } else {
            guest.decision().complete(admission);
        }
        return true;
    }

    /** The operator refuses a desktop that waits; false if nobody waits with this fingerprint. */
    public boolean refuse(String fingerprint, String who) {
        Optional<WaitingRoom.Guest> taken = waiting.take(fingerprint);
        taken.ifPresent(guest -> {
            audit.note(who, "desktop_refuse", guest.info().clientId(), "key " + fingerprint);
            leave(guest, RegistrationError.REFUSED, "the operator refused this desktop");
        });
        return taken.isPresent();
    }

    /** Looks who is gone or waited too long. To be called about every second. */
    public void sweep() {
        waiting.sweep(gone -> leave(gone, RegistrationError.NOT_APPROVED, "the agent has gone"), late -> {
            audit.note(late.party(), "desktop_ask", late.info().clientId(), "not approved in time");
            leave(
                    late,
                    RegistrationError.NOT_APPROVED,
                    "nobody approved this desktop on the dashboard within ten minutes; start the agent again, "
                            + "or ask the operator for a code");
        });
    }

    private Admission enrol(WaitingRoom.Guest guest) throws StorageException {
        String clientId = guest.info().clientId();
        if (keys.list().size() >= MAX_DESKTOPS) {
            return new Refused(
                    RegistrationError.TOO_MANY_DESKTOPS,
                    "allowed are " + MAX_DESKTOPS + " desktops: revoke one that is no longer used");
        }
        boolean enrolled = keys.enrol(new AgentKey(
                guest.fingerprint(), clientId, guest.name(), clock.instant().truncatedTo(ChronoUnit.MILLIS), false));
        return enrolled
                ? new Admitted(guest.fingerprint())
                : new Refused(RegistrationError.CLIENT_ID_TAKEN, "another key was enrolled as '" + clientId + "'");
    }

    private void leave(WaitingRoom.Guest guest, String error, String hint) {
        guest.decision().complete(new Refused(error, hint));
    }

    private static String result(Admission admission, String done) {
        return admission instanceof Refused refused ? "refused: " + refused.error() : done;
    }

    private static CompletionStage<Admission> refused(String error, String hint) {
        return CompletableFuture.completedFuture(new Refused(error, hint));
    }
}
