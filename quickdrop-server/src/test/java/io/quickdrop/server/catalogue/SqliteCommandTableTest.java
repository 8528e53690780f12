package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteCommandTableTest extends CommandTableTest {
    @TempDir
    Path folder;

    @Override
    Catalogue openCatalogue() throws StorageException {
        return Catalogue.open(folder);
    }

    @Override
    Catalogue openAnother() {
        return catalogue();
    }
}
