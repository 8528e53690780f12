package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import io.quickdrop.relay.driver.desktop.DesktopRegistry.Registered;
import io.quickdrop.relay.driver.desktop.DesktopRegistryContract;
import io.quickdrop.server.desktops.AgentKey;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DesktopTableTest extends DesktopRegistryContract {
    private static final Instant NOW = Instant.parse("2026-11-22T14:03:09.123Z");
    private static final ClientInfo STUDIO =
            new ClientInfo(ClientInfo.DESKTOP, "studio", "Studio", null, List.of(), List.of("jpeg"), List.of());

    private final AtomicBoolean diskFails = new AtomicBoolean();
    private Path folder;
    private final AtomicLong clock = new AtomicLong(NOW.toEpochMilli());
    private Catalogue catalogue;
    private Incarnation self;

    @BeforeEach
    void open(@TempDir Path fresh) throws StorageException {
        folder = fresh;
        catalogue = openCatalogue();
        self = joined("here");
    }

    private Catalogue openCatalogue() throws StorageException {
        return Catalogue.open(
                folder,
                connection -> {
                    if (diskFails.get()) {
                        throw new SQLException("the test's disk fails");
                    }
                    connection.commit();
                },
                () -> Instant.ofEpochMilli(clock.get()));
    }

    @AfterEach
    void close() throws StorageException {
        catalogue.close();
    }

    @Override
    protected DesktopRegistry registry() {
        return new DesktopTable(catalogue, () -> self);
    }

    @Override
    protected DesktopRegistry another() throws StorageException {
        Incarnation other = joined("there");
        return new DesktopTable(catalogue, () -> other);
    }

    @Override
    protected void timePasses() {
        clock.addAndGet(1);
    }

    private Incarnation joined(String id) throws StorageException {
        return new InstanceTable(catalogue)
                .join(
                        new InstanceTable.Introduction(id, id, "https://" + id + ":8443", "0".repeat(64), ""),
                        Duration.ofSeconds(10))
                .orElseThrow();
    }

    @Override
    protected DesktopRegistry reopened() throws StorageException {
        catalogue.close();
        catalogue = openCatalogue();
        return registry();
    }

    @Test
    void aRegistrationThatIsNotOnTheDiskIsNone() throws Exception {
        registry().register(STUDIO, Generation.V2);
        diskFails.set(true);

        assertThatThrownBy(() -> registry().register(STUDIO, Generation.V2))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("register the desktop studio");

        diskFails.set(false);
        assertThat(reopened().list())
                .singleElement()
                .extracting(Registered::epoch)
                .isEqualTo(1L);
        assertThat(registry().register(STUDIO, Generation.V2)).isEqualTo(2);
    }

    @Test
    void aDesktopIsListedWithTheFingerprintOfTheKeyThatSpeaksForIt() throws Exception {
        AgentKeyTable keys = new AgentKeyTable(catalogue, () -> NOW);
        registry().register(STUDIO, Generation.V2);
        assertThat(registry().list())
                .singleElement()
                .extracting(Registered::fingerprint)
                .isNull();

        keys.enrol(new AgentKey("aaaa", "studio", "Studio", NOW, false));
        assertThat(registry().list())
                .singleElement()
                .extracting(Registered::fingerprint)
                .isEqualTo("aaaa");
        keys.revoke("studio");
        assertThat(registry().list())
                .singleElement()
                .extracting(Registered::fingerprint)
                .isNull();
    }
}
