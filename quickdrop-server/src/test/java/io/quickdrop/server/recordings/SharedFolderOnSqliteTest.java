package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;

/** On SQLite, whose one process stands for several servers here. */
final class SharedFolderOnSqliteTest extends SharedFolderContract {
    @Override
    Catalogue catalogue() throws StorageException {
        return Catalogue.inMemory();
    }
}
