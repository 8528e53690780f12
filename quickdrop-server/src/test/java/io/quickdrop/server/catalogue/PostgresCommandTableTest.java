package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresCommandTableTest extends CommandTableTest {
    private String url = "";
    private @Nullable Catalogue another;

    @Override
    Catalogue openCatalogue(Path folder) throws StorageException {
        url = TestPostgres.shared().newDatabase();
        return TestPostgres.catalogue(url);
    }

    @Override
    Catalogue openAnother() throws StorageException {
        Catalogue open = another == null ? TestPostgres.catalogue(url) : another;
        another = open;
        return open;
    }

    @AfterEach
    void closeAnother() throws StorageException {
        if (another != null) {
            another.close();
        }
    }
}
