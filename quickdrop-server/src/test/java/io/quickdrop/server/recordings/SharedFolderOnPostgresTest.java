package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.TestPostgres;

/** On PostgreSQL, whose transactions run beside each other. */
final class SharedFolderOnPostgresTest extends SharedFolderContract {
    @Override
    Catalogue catalogue() throws StorageException {
        return TestPostgres.catalogue(TestPostgres.shared().newDatabase());
    }
}
