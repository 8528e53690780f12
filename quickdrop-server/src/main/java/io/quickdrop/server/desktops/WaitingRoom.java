package io.quickdrop.server.desktops;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.desktop.DesktopGate.Admission;
import io.quickdrop.relay.driver.desktop.DesktopGate.Application;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Desktops whose key waits until the operator compares its fingerprint and decides. Bounded in number and time. Safe on any
 * thread; nobody is told anything under its lock.
 */
final class WaitingRoom {
    /** How long somebody may wait. */
    static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Who may wait at once: more than a person would compare. */
    static final int MAX_WAITING = 16;
    /** Of one remote party: nobody can take all places. */
    static final int MAX_OF_ONE_PARTY = 4;

    /** One who waits. */
    record Guest(
            String fingerprint,
            String party,
            Application application,
            Instant since,
            CompletableFuture<Admission> decision) {
        ClientInfo info() {
            return application.handshake().clientInfo();
        }

        String name() {
            String friendly = info().friendlyName();
            return friendly == null || friendly.isBlank() ? info().clientId() : friendly;
        }

        DesktopClient shown() {
            String hostname = info().hostname();
            return DesktopClient.notConnected(
                    info().clientId(),
                    name(),
                    hostname == null ? "" : hostname,
                    DesktopClient.PENDING,
                    List.of(),
                    2,
                    fingerprint,
                    since.toEpochMilli());
        }
    }

    private final InstantSource clock;
    private final Map<String, Guest> guests = new LinkedHashMap<>();

    WaitingRoom(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Lets somebody wait; take out a former guest with the same key before.
     *
     * @return the guest; empty if there is no place
     */
    synchronized Optional<Guest> enter(String fingerprint, Application application) {
        String party = application.identity().device();
        long ofParty = guests.values().stream()
                .filter(guest -> guest.party().equals(party))
                .count();
        if (guests.size() >= MAX_WAITING || ofParty >= MAX_OF_ONE_PARTY || guests.containsKey(fingerprint)) {
            return Optional.empty();
        }
        Guest guest = new Guest(fingerprint, party, application, clock.instant(), new CompletableFuture<>());
        guests.put(fingerprint, guest);
        return Optional.of(guest);
    }

    /** Those who wait, the first first. */
    synchronized List<Guest> guests() {
        return List.copyOf(guests.values());
    }

    /** Takes somebody out; whoever takes them decides about them, and nobody else does. */
    synchronized Optional<Guest> take(String fingerprint) {
        return Optional.ofNullable(guests.remove(fingerprint));
    }

    /** Takes out those who are gone or waited too long. */
    void sweep(Consumer<Guest> gone, Consumer<Guest> late) {
        List<Guest> leaving = new ArrayList<>();
        Instant tooOld = clock.instant().minus(PATIENCE);
        synchronized (this) {
            guests.values().removeIf(guest -> {
                boolean leaves = !guest.since().isAfter(tooOld)
                        || !guest.application().stillThere().getAsBoolean();
                return leaves && leaving.add(guest);
            });
        }
        for (Guest guest : leaving) {
            (guest.since().isAfter(tooOld) ? gone : late).accept(guest);
        }
    }
}
