package io.quickdrop.server.access;

import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Makes, recognises and revokes the keys of paired devices. Safe on any thread; calls wait for the register. */
public final class DeviceKeys {
    /** How coarse {@code lastSeenAt} is: a phone that reconnects every second must not write every second. */
    public static final Duration TOUCH_EVERY = Duration.ofMinutes(1);

    /** Longest name kept, code points. */
    static final int MAX_NAME = 64;

    private static final String NAMELESS = "Phone";
    private static final int ID_BYTES = 9;

    private static final System.Logger LOG = System.getLogger(DeviceKeys.class.getName());

    private final KnownKeys known;
    private final DeviceRegister register;
    private final InstantSource clock;
    private final SecureRandom random;
    private final List<Consumer<String>> revocationListeners = new CopyOnWriteArrayList<>();

    /** Keys of the devices in {@code register}. */
    public DeviceKeys(DeviceRegister register, InstantSource clock, SecureRandom random) {
        this(register, clock, random, System::nanoTime);
    }

    /** The same by another monotonic clock. */
    DeviceKeys(DeviceRegister register, InstantSource clock, SecureRandom random, LongSupplier nanoTime) {
        this.known = new KnownKeys(nanoTime);
        this.register = register;
        this.clock = clock;
        this.random = random;
    }

    /** Pairs a device: call it after {@link PairingDesk#redeem} accepted its secret. {@code name} may be anything. */
    public Issued issue(String name) {
        String key = Token.fresh(random, Token.KEY_BYTES);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        PairedDevice device = new PairedDevice(Token.fresh(random, ID_BYTES), clean(name), now, now, false);
        register.insert(device, KeyHash.of(key));
        return new Issued(device, key);
    }

    /**
     * The device with this key, revoked ones included; empty if nobody has it. Notes that it was seen. Who was recognised a
     * moment ago, or before the register went away, is recognised without asking it.
     *
     * @throws java.io.UncheckedIOException if the register is away and never knew this key
     */
    public Optional<PairedDevice> recognise(String key) {
        KeyHash hash = KeyHash.of(key);
        Optional<PairedDevice> fresh = known.fresh(hash).filter(device -> !isToBeTouched(device, clock.instant()));
        if (fresh.isPresent()) {
            return fresh;
        }
        Optional<PairedDevice> found;
        try {
            found = register.findByKeyHash(hash);
        } catch (UncheckedIOException away) {
            Optional<PairedDevice> stale = known.stale(hash);
            if (stale.isEmpty()) {
                throw away;
            }
            return stale;
        }
        found.filter(device -> !device.revoked())
                .ifPresent(device -> known.put(hash, touched(device, clock.instant())));
        return found;
    }

    private static boolean isToBeTouched(PairedDevice device, Instant now) {
        return now.isAfter(device.lastSeenAt().plus(TOUCH_EVERY));
    }

    /** When it was seen is of interest to people only: nobody is refused because it can't be noted. */
    private PairedDevice touched(PairedDevice device, Instant now) {
        if (!isToBeTouched(device, now)) {
            return device;
        }
        try {
            register.touch(device.id(), now);
        } catch (UncheckedIOException away) {
            LOG.log(System.Logger.Level.DEBUG, "that a device was seen is not noted", away);
        }
        return new PairedDevice(device.id(), device.name(), device.pairedAt(), now, false);
    }

    /** The devices that are not revoked, the newest pairing first. */
    public List<PairedDevice> list() {
        return register.list();
    }

    /** Takes the key of a device away and tells the listeners; false if it is unknown or was revoked before. */
    public boolean revoke(String id) {
        boolean revoked = register.revoke(id);
        if (revoked) {
            known.forget(id);
            revocationListeners.forEach(listener -> listener.accept(id));
        }
        return revoked;
    }

    /** Tells the listeners of a device that was revoked on another instance; of one that they know of it does no harm. */
    public void noticeRevoked(String id) {
        known.forget(id);
        revocationListeners.forEach(listener -> listener.accept(id));
    }

    /** Calls {@code listener} with the id of every device revoked from now on, on the revoking thread: close its sockets. */
    public void onRevoked(Consumer<String> listener) {
        revocationListeners.add(listener);
    }

    /** Control, format and separator characters could forge lines and turn text around (U+202E). */
    private static String clean(String name) {
        String visible = name.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ").strip().replaceAll("\\s+", " ");
        if (visible.isEmpty()) {
            return NAMELESS;
        }
        int length = visible.codePointCount(0, visible.length());
        return length <= MAX_NAME
                ? visible
                : visible.substring(0, visible.offsetByCodePoints(0, MAX_NAME)).strip();
    }

    /**
     * A device and its key, which exists outside of the phone only in this value.
     *
     * @param key base64url of 256 random bits; belongs into no log
     */
    public record Issued(PairedDevice device, String key) {
        @Override
        public String toString() {
            return "Issued[" + device + "]";
        }
    }
}
