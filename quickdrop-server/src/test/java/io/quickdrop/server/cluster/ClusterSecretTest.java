package io.quickdrop.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.InstanceTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What instances show each other, and their guests. */
class ClusterSecretTest {
    private static final String NORTH = "11111111-north";
    private static final String SOUTH = "22222222-south";

    private final ClusterSecret secret = ClusterSecret.of("s".repeat(43));
    private Instant now = Instant.parse("2026-11-22T14:03:09Z");

    private InstanceToken token(String id) {
        return new InstanceToken(secret, id, () -> now);
    }

    private Tickets tickets(String id) {
        return new Tickets(secret, id, () -> now);
    }

    @Test
    void anInstanceIsRecognisedByTheOneThatItSpeaksTo() {
        String header = token(NORTH).header(SOUTH);
        assertThat(token(SOUTH).sender(header)).contains(NORTH);
        assertThat(token(NORTH).sender(header))
                .as("what was seen opens nobody else")
                .isEmpty();
        assertThat(new InstanceToken(ClusterSecret.of("x".repeat(43)), SOUTH, () -> now).sender(header))
                .as("another cluster's")
                .isEmpty();
        assertThat(token(SOUTH).sender(header.replace(NORTH, "33333333-other")))
                .as("in another's name")
                .isEmpty();
    }

    @Test
    void anInstancesHeaderEnds() {
        String header = token(NORTH).header(SOUTH);
        now = now.plusSeconds(599);
        assertThat(token(SOUTH).sender(header)).isPresent();
        now = now.plusSeconds(1);
        assertThat(token(SOUTH).sender(header)).isEmpty();
        now = now.minusSeconds(3600);
        assertThat(token(SOUTH).sender(header)).as("of a far future").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Instance", "Instance a b c", "Bearer x", "Instance 11111111-north 1 x"})
    void whatIsNoHeaderIsNobodys(String header) {
        assertThat(token(SOUTH).sender(header)).isEmpty();
        assertThat(token(SOUTH).sender(null)).isEmpty();
    }

    @Test
    void aTicketIsGoodForAMinuteAtOneInstance() {
        String ticket = tickets(NORTH).issue(SOUTH);
        assertThat(ticket).matches("[A-Za-z0-9._-]{1,200}"); // fits into a subprotocol's name
        assertThat(tickets(SOUTH).issuer(ticket)).contains(NORTH);
        assertThat(tickets(NORTH).issuer(ticket)).isEmpty();
        assertThat(tickets(SOUTH).issuer(ticket + "x")).isEmpty();
        now = now.plusSeconds(60);
        assertThat(tickets(SOUTH).issuer(ticket)).isEmpty();
    }

    @Test
    void whatIsShownForOneThingOpensNoOther() {
        String header = token(NORTH).header(SOUTH);
        String mac = header.substring(header.lastIndexOf(' ') + 1);
        String until = header.split(" ", -1)[2];
        assertThat(tickets(SOUTH).issuer("t." + NORTH + "." + until + "." + mac))
                .isEmpty();
        assertThat(secret.operatorToken()).hasSize(43).isNotEqualTo(mac);
    }

    @Test
    void theStoreKeepsTheSecretThatTheFirstInstanceMade() throws Exception {
        try (Catalogue store = Catalogue.inMemory()) {
            InstanceTable table = new InstanceTable(store);
            String first = ClusterSecret.open(null, table, new SecureRandom()).operatorToken();
            assertThat(ClusterSecret.open(null, table, new SecureRandom()).operatorToken())
                    .isEqualTo(first);
        }
    }

    @Test
    void aFilesSecretIsTheFiles(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("secret");
        Files.writeString(file, "a-secret-of-more-than-32-characters-0123456789\n");
        try (Catalogue store = Catalogue.inMemory()) {
            InstanceTable table = new InstanceTable(store);
            String token = ClusterSecret.open(file, table, new SecureRandom()).operatorToken();
            assertThat(ClusterSecret.open(file, table, new SecureRandom()).operatorToken())
                    .isEqualTo(token);
            Files.writeString(file, "too short\n");
            assertThatThrownBy(() -> ClusterSecret.open(file, table, new SecureRandom()))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("32 to 512");
        }
    }
}
