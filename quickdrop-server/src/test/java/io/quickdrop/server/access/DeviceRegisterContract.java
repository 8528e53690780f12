package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every {@link DeviceRegister} does. A subclass per implementation says how to make an empty one. */
public abstract class DeviceRegisterContract {
    private static final Instant PAIRED = Instant.parse("2026-11-22T14:03:09.123Z");
    private static final PairedDevice PIXEL = device("pixel", PAIRED);
    private static final PairedDevice IPHONE = device("iphone", PAIRED.plusSeconds(60));
    private static final KeyHash PIXEL_KEY = KeyHash.of("key of the pixel");
    private static final KeyHash IPHONE_KEY = KeyHash.of("key of the iphone");

    /** An empty register, or the same as before within one test. */
    protected abstract DeviceRegister register();

    @Test
    void aDeviceIsFoundByItsKeysHash() {
        DeviceRegister register = register();
        register.insert(PIXEL, PIXEL_KEY);
        register.insert(IPHONE, IPHONE_KEY);

        assertThat(register.findByKeyHash(PIXEL_KEY)).contains(PIXEL);
        assertThat(register.findByKeyHash(IPHONE_KEY)).contains(IPHONE);
        assertThat(register.findByKeyHash(KeyHash.of("another"))).isEmpty();
    }

    @Test
    void theNewestPairingIsListedFirst() {
        DeviceRegister register = register();
        assertThat(register.list()).isEmpty();
        register.insert(PIXEL, PIXEL_KEY);
        register.insert(IPHONE, IPHONE_KEY);

        assertThat(register.list()).containsExactly(IPHONE, PIXEL);
    }

    @Test
    void aNameIsKeptToTheLetter() {
        DeviceRegister register = register();
        PairedDevice odd = new PairedDevice("odd", "Zoë's \"phone\" · 📱'; --", PAIRED, PAIRED, false);
        register.insert(odd, PIXEL_KEY);

        assertThat(register.list()).containsExactly(odd);
    }

    @Test
    void aTakenIdOrKeyIsRefusedAndNothingChanges() {
        DeviceRegister register = register();
        register.insert(PIXEL, PIXEL_KEY);

        assertThatThrownBy(() -> register.insert(device("pixel", PAIRED), IPHONE_KEY))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> register.insert(IPHONE, PIXEL_KEY)).isInstanceOf(IllegalStateException.class);
        assertThat(register.list()).containsExactly(PIXEL);
        assertThat(register.findByKeyHash(IPHONE_KEY)).isEmpty();
    }

    @Test
    void aRevokedDeviceIsFoundAsRevokedAndNotListed() {
        DeviceRegister register = register();
        register.insert(PIXEL, PIXEL_KEY);
        register.insert(IPHONE, IPHONE_KEY);

        assertThat(register.revoke("pixel")).isTrue();

        assertThat(register.findByKeyHash(PIXEL_KEY))
                .contains(new PairedDevice("pixel", "pixel", PAIRED, PAIRED, true));
        assertThat(register.list()).containsExactly(IPHONE);
    }

    @Test
    void revokingTwiceOrTheUnknownChangesNothing() {
        DeviceRegister register = register();
        register.insert(PIXEL, PIXEL_KEY);
        register.revoke("pixel");

        assertThat(register.revoke("pixel")).isFalse();
        assertThat(register.revoke("nobody")).isFalse();
    }

    @Test
    void lastSeenMovesForwardOnly() {
        DeviceRegister register = register();
        register.insert(PIXEL, PIXEL_KEY);
        Instant later = PAIRED.plusMillis(90_001);

        register.touch("pixel", later);
        register.touch("pixel", PAIRED.plusSeconds(1));
        register.touch("nobody", later);

        assertThat(register.list()).containsExactly(new PairedDevice("pixel", "pixel", PAIRED, later, false));
    }

    private static PairedDevice device(String id, Instant paired) {
        return new PairedDevice(id, id, paired, paired, false);
    }
}
