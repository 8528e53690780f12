package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceRegister;
import io.quickdrop.server.access.DeviceRegisterContract;
import io.quickdrop.server.access.KeyHash;
import io.quickdrop.server.access.PairedDevice;
import io.quickdrop.server.catalogue.TestCatalogue.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTableTest {
    private static final Instant NOW = Instant.parse("2026-11-22T14:03:09.123Z");

    @Nested
    class OnSqlite extends OnStore {
        OnSqlite() {
            super(Kind.SQLITE);
        }
    }

    @Nested
    class InMemory extends OnStore {
        InMemory() {
            super(Kind.MEMORY);
        }
    }

    @Nested
    class OnPostgres extends OnStore {
        OnPostgres() {
            super(Kind.POSTGRES);
        }
    }

    abstract static class OnStore extends DeviceRegisterContract {
        private final Kind kind;
        private TestCatalogue store;

        OnStore(Kind kind) {
            this.kind = kind;
        }

        @BeforeEach
        void open(@TempDir Path folder) throws StorageException {
            store = TestCatalogue.open(kind, folder);
        }

        @AfterEach
        void close() throws StorageException {
            store.close();
        }

        @Override
        protected DeviceRegister register() {
            return new DeviceTable(store.first(), () -> NOW);
        }

        @Test
        void whatOneServerPairsAnotherKnows() throws Exception {
            DeviceRegister other = new DeviceTable(store.second(), () -> NOW);
            PairedDevice pixel = new PairedDevice("pixel", "Pixel", NOW, NOW, false);
            register().insert(pixel, KeyHash.of("key"));
            assertThat(other.findByKeyHash(KeyHash.of("key"))).contains(pixel);

            assertThat(Races.together(List.of(() -> register().revoke("pixel"), () -> other.revoke("pixel"))))
                    .containsExactlyInAnyOrder(true, false);
            assertThat(register().list()).isEmpty();
        }

        @Test
        void aNameWithWhatNoDatabaseKeepsIsKeptWithoutIt() {
            register().insert(new PairedDevice("odd", "a\u0000b\ud800c", NOW, NOW, false), KeyHash.of("key"));
            assertThat(register().list()).containsExactly(new PairedDevice("odd", "a\ufffdb\ufffdc", NOW, NOW, false));
        }
    }
}
