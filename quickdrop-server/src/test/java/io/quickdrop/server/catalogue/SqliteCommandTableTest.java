package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;

class SqliteCommandTableTest extends CommandTableTest {
    @Override
    Catalogue openCatalogue(Path folder) throws StorageException {
        return Catalogue.open(folder);
    }

    @Override
    Catalogue openAnother() {
        return catalogue();
    }
}
