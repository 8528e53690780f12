package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import io.quickdrop.relay.driver.desktop.DesktopRegistryContract;
import io.quickdrop.server.catalogue.TestCatalogue.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The desktops where the store is not a file; see {@link DesktopTableTest} for that. */
class DesktopTableStoresTest {
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

    abstract static class OnStore extends DesktopRegistryContract {
        private final Kind kind;
        private TestCatalogue store;
        private Incarnation here;

        OnStore(Kind kind) {
            this.kind = kind;
        }

        @BeforeEach
        void open(@TempDir Path folder) throws StorageException {
            store = TestCatalogue.open(kind, folder);
            here = TestCatalogue.joined(store.first(), "here");
        }

        @AfterEach
        void close() throws StorageException {
            store.close();
        }

        @Override
        protected DesktopRegistry registry() {
            return new DesktopTable(store.first(), () -> here);
        }

        @Override
        protected DesktopRegistry reopened() throws StorageException {
            Catalogue again = store.reopened();
            return new DesktopTable(again, () -> here);
        }

        @Override
        protected DesktopRegistry another() throws StorageException {
            Incarnation there = TestCatalogue.joined(store.second(), "there");
            Catalogue second = store.second();
            return new DesktopTable(second, () -> there);
        }

        @Override
        protected void timePasses() throws StorageException {
            store.timePasses();
        }

        @Test
        void ofTwoInstancesWhereADesktopRegistersInOneMomentTheHigherEpochHasIt() throws Exception {
            DesktopRegistry there = another();
            ClientInfo studio =
                    new ClientInfo(ClientInfo.DESKTOP, "studio", "Studio", null, List.of(), List.of(), List.of());
            for (int round = 0; round < 10; round++) {
                List<Long> epochs = Races.together(List.of(
                        () -> registry().register(studio, Generation.V2), () -> there.register(studio, Generation.V2)));
                assertThat(epochs).doesNotHaveDuplicates();
                boolean isHere = epochs.get(0) > epochs.get(1);
                assertThat(registry().list()).singleElement().satisfies(listed -> assertThat(listed.owner())
                        .isEqualTo(isHere ? "here" : "there"));
                assertThat(registry().seen(Map.of("studio", epochs.get(0)))).hasSize(isHere ? 0 : 1);
                assertThat(there.seen(Map.of("studio", epochs.get(1)))).hasSize(isHere ? 1 : 0);
            }
        }

        @Test
        void sightingsAndRegistrationsOfTheSameDesktopsInOneMomentAllSucceed() throws Exception {
            DesktopRegistry there = another();
            List<ClientInfo> all = new ArrayList<>();
            Map<String, Long> epochs = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                ClientInfo desktop =
                        new ClientInfo(ClientInfo.DESKTOP, "d" + i, null, null, List.of(), List.of(), List.of());
                all.add(0, desktop);
                epochs.put("d" + i, registry().register(desktop, Generation.V2));
            }
            List<Integer> fenced = Races.together(List.of(
                    () -> {
                        for (ClientInfo desktop : all) {
                            there.register(desktop, Generation.V2);
                        }
                        return 0;
                    },
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            registry().seen(epochs);
                        }
                        return registry().seen(epochs).size();
                    }));
            assertThat(fenced.get(1)).isBetween(0, 20);
            assertThat(registry().seen(epochs)).as("all are there now").hasSize(20);
        }
    }
}
