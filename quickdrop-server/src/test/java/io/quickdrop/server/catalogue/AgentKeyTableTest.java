package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.TestCatalogue.Kind;
import io.quickdrop.server.desktops.AgentKey;
import io.quickdrop.server.desktops.AgentKeys;
import io.quickdrop.server.desktops.AgentKeysContract;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentKeyTableTest {
    private static final Instant NOW = Instant.parse("2026-11-22T14:03:09.123Z");
    private static final int ROUNDS = 10;

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

    abstract static class OnStore extends AgentKeysContract {
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
        protected AgentKeys keys() {
            return new AgentKeyTable(store.first(), () -> NOW);
        }

        @Test
        void ofTwoKeysThatAreEnrolledForOneDesktopInOneMomentOneIs() throws Exception {
            AgentKeys other = new AgentKeyTable(store.second(), () -> NOW);
            for (int round = 0; round < ROUNDS; round++) {
                String desktop = "desktop-" + round;
                AgentKey one = new AgentKey("one-" + round, desktop, "one", NOW, false);
                AgentKey two = new AgentKey("two-" + round, desktop, "two", NOW, false);
                assertThat(Races.together(List.of(() -> keys().enrol(one), () -> other.enrol(two))))
                        .containsExactlyInAnyOrder(true, false);
            }
            assertThat(keys().list()).hasSize(ROUNDS);
        }
    }
}
