package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.access.DeviceKeys.Issued;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceKeysTest {
    private Instant now = Instant.parse("2026-11-22T14:03:09.123456Z");
    private final InMemoryDeviceRegister register = new InMemoryDeviceRegister();
    private final DeviceKeys keys = new DeviceKeys(register, () -> now, new SecureRandom());

    @Test
    void anIssuedKeyIsRecognised() {
        Issued issued = keys.issue("Pixel 8 · Chrome");

        assertThat(issued.key()).matches("[A-Za-z0-9_-]{43}");
        assertThat(issued.device().name()).isEqualTo("Pixel 8 · Chrome");
        assertThat(keys.recognise(issued.key())).contains(issued.device());
        assertThat(keys.recognise(issued.key() + "x")).isEmpty();
        assertThat(keys.recognise("")).isEmpty();
        assertThat(keys.recognise(issued.device().id()))
                .as("an id opens nothing")
                .isEmpty();
    }

    @Test
    void onlyTheHashIsStored() {
        Issued issued = keys.issue("Phone");

        assertThat(register.findByKeyHash(KeyHash.of(issued.key()))).isPresent();
        assertThat(register.list().toString()).doesNotContain(issued.key());
        assertThat(issued.toString()).doesNotContain(issued.key());
    }

    @Test
    void aRevokedKeyIsRecognisedAsSuchAndListenersHearOnce() {
        List<String> closed = new ArrayList<>();
        keys.onRevoked(closed::add);
        Issued issued = keys.issue("Phone");

        assertThat(keys.revoke(issued.device().id())).isTrue();
        assertThat(keys.revoke(issued.device().id())).isFalse();
        assertThat(keys.revoke("nobody")).isFalse();

        assertThat(closed).containsExactly(issued.device().id());
        assertThat(keys.recognise(issued.key()))
                .hasValueSatisfying(device -> assertThat(device.revoked()).isTrue());
        assertThat(keys.list()).isEmpty();
    }

    @Test
    void lastSeenIsWrittenAtMostOnceAMinute() {
        Issued issued = keys.issue("Phone");
        Instant paired = issued.device().pairedAt();

        now = paired.plusSeconds(60);
        keys.recognise(issued.key());
        assertThat(keys.list().get(0).lastSeenAt()).isEqualTo(paired);
        now = paired.plusSeconds(61);
        keys.recognise(issued.key());
        assertThat(keys.list().get(0).lastSeenAt()).isEqualTo(now);
    }

    @ParameterizedTest
    @CsvSource({
        "'', Phone",
        "'   ', Phone",
        "'\u202E\u0000', Phone",
        "'  Anna''s\n\tphone ', Anna's phone",
        "'a\u202Egpj.exe', a gpj.exe",
        "'<b>x</b>', <b>x</b>",
    })
    void namesAreForPeopleAndHoldNoControlCharacters(String name, String kept) {
        assertThat(keys.issue(name).device().name()).isEqualTo(kept);
    }

    @Test
    void aLongNameIsCutBetweenCharacters() {
        String name = keys.issue("📱".repeat(1000)).device().name();

        assertThat(name).isEqualTo("📱".repeat(64));
    }
}
