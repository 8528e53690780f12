package io.quickdrop.server.desktops;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.StorageException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every {@link AgentKeys} does. A subclass per implementation says how to make an empty one. */
public abstract class AgentKeysContract {
    private static final Instant ENROLLED = Instant.parse("2026-11-22T14:03:09.123Z");
    private static final AgentKey STUDIO = key("aaaa", "studio", "Zoë's \"studio\"; --");
    private static final AgentKey LAB = key("bbbb", "lab", "Lab");

    /** An empty register, or the same as before within one test. */
    protected abstract AgentKeys keys();

    @Test
    void aKeyIsFoundByItsFingerprintAndByItsDesktop() throws StorageException {
        assertThat(keys().enrol(STUDIO)).isTrue();
        assertThat(keys().enrol(LAB)).isTrue();

        assertThat(keys().find("aaaa")).contains(STUDIO);
        assertThat(keys().holder("lab")).contains(LAB);
        assertThat(keys().find("cccc")).isEmpty();
        assertThat(keys().holder("attic")).isEmpty();
        assertThat(keys().list()).as("by name").containsExactly(LAB, STUDIO);
    }

    @Test
    void aDesktopHasOneKey() throws StorageException {
        keys().enrol(STUDIO);

        assertThat(keys().enrol(key("cccc", "studio", "a stranger"))).isFalse();
        assertThat(keys().list()).containsExactly(STUDIO);
        assertThat(keys().find("cccc")).isEmpty();
    }

    @Test
    void aKeySpeaksForOneDesktop() throws StorageException {
        keys().enrol(STUDIO);

        assertThat(keys().enrol(key("aaaa", "another", "Another"))).isFalse();
        assertThat(keys().list()).containsExactly(STUDIO);
        keys().revoke("studio");
        assertThat(keys().enrol(key("aaaa", "another", "Another")))
                .as("revoked")
                .isFalse();
        assertThat(keys().list()).isEmpty();
    }

    @Test
    void aRevokedKeyIsKnownAndSpeaksForNobody() throws StorageException {
        keys().enrol(STUDIO);

        assertThat(keys().revoke("studio")).isTrue();
        assertThat(keys().revoke("studio")).isFalse();
        assertThat(keys().revoke("attic")).isFalse();
        assertThat(keys().find("aaaa")).contains(new AgentKey("aaaa", "studio", STUDIO.name(), ENROLLED, true));
        assertThat(keys().holder("studio")).isEmpty();
        assertThat(keys().list()).isEmpty();
    }

    @Test
    void aRevokedDesktopMayGetANewKeyOrItsOldOneBack() throws StorageException {
        keys().enrol(STUDIO);
        keys().revoke("studio");
        AgentKey fresh = key("cccc", "studio", "Studio again");

        assertThat(keys().enrol(fresh)).isTrue();
        assertThat(keys().enrol(STUDIO)).as("another has its place").isFalse();
        assertThat(keys().holder("studio")).contains(fresh);
        keys().revoke("studio");
        assertThat(keys().enrol(STUDIO)).isTrue();
        assertThat(keys().holder("studio")).contains(STUDIO);
    }

    private static AgentKey key(String fingerprint, String clientId, String name) {
        return new AgentKey(fingerprint, clientId, name, ENROLLED, false);
    }
}
