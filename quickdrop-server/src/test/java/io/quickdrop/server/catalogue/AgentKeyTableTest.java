package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.desktops.AgentKeys;
import io.quickdrop.server.desktops.AgentKeysContract;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class AgentKeyTableTest extends AgentKeysContract {
    private static final Instant NOW = Instant.parse("2026-11-22T14:03:09.123Z");

    private Catalogue catalogue;

    @BeforeEach
    void open(@TempDir Path folder) throws StorageException {
        catalogue = Catalogue.open(folder);
    }

    @AfterEach
    void close() throws StorageException {
        catalogue.close();
    }

    @Override
    protected AgentKeys keys() {
        return new AgentKeyTable(catalogue, () -> NOW);
    }
}
