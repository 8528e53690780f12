package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;

/** A PostgreSQL database that several instances share. */
final class PostgresCatalogue {
    private PostgresCatalogue() {}

    static Catalogue open(PostgresSettings settings) throws StorageException {
        throw new StorageException(Kind.FAILED, "PostgreSQL at " + settings.shown() + " can't be opened yet");
    }
}
