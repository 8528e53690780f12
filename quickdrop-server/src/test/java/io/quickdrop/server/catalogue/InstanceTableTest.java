package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.InstanceTable.Introduction;
import io.quickdrop.server.catalogue.TestCatalogue.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instances on every store. */
class InstanceTableTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Introduction HERE =
            new Introduction("here", "Zoë's \"laptop\"", "https://here:8443", "0".repeat(64), "folder");
    private static final Introduction COPY =
            new Introduction("here", "a copy", "https://elsewhere:8443", "1".repeat(64), "folder");

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

    abstract static class OnStore {
        private final Kind kind;
        private TestCatalogue store;
        private InstanceTable instances;
        private InstanceTable others;

        OnStore(Kind kind) {
            this.kind = kind;
        }

        @BeforeEach
        void open(@TempDir Path folder) throws StorageException {
            store = TestCatalogue.open(kind, folder);
            instances = new InstanceTable(store.first());
            others = new InstanceTable(store.second());
        }

        @AfterEach
        void close() throws StorageException {
            store.close();
        }

        @Test
        void aLifeBeginsWithAHigherIncarnationAndTheOldOneIsFenced() throws Exception {
            Incarnation first = instances.join(HERE, PATIENCE).orElseThrow();
            Incarnation second = instances.join(HERE, PATIENCE).orElseThrow();
            assertThat(second.number()).isGreaterThan(first.number());
            assertThat(instances.beat(first, HERE.url(), false)).isEmpty();
            assertThat(instances.beat(second, HERE.url(), false))
                    .hasValueSatisfying(
                            beat -> assertThat(beat.instances()).singleElement().satisfies(row -> {
                                assertThat(row.name()).isEqualTo(HERE.name());
                                assertThat(row.seenAt()).isEqualTo(beat.now());
                                assertThat(row.isMember()).isTrue();
                            }));
        }

        @Test
        void aCopyOfALivingInstanceIsNotLetIn() throws Exception {
            instances.join(HERE, PATIENCE);
            assertThat(others.join(COPY, PATIENCE)).isEmpty();
            store.timePasses();
            assertThat(others.join(COPY, Duration.ZERO)).as("presumed dead").isPresent();
        }

        @Test
        void ofManyWhoJoinAsOneInOneMomentEachHasItsOwnIncarnationAndOneLives() throws Exception {
            for (int round = 0; round < 5; round++) {
                List<Optional<Incarnation>> joined = Races.together(List.of(
                        () -> instances.join(HERE, PATIENCE),
                        () -> others.join(HERE, PATIENCE),
                        () -> instances.join(HERE, PATIENCE),
                        () -> others.join(HERE, PATIENCE)));
                List<Incarnation> all =
                        joined.stream().map(Optional::orElseThrow).toList();
                assertThat(all).doesNotHaveDuplicates();
                int alive = 0;
                for (Incarnation one : all) {
                    alive += instances.beat(one, HERE.url(), false).isPresent() ? 1 : 0;
                }
                assertThat(alive).isEqualTo(1);
            }
        }

        @Test
        void oneThatIsDeclaredDeadIsFencedAndItsDesktopsAreOffline() throws Exception {
            Incarnation self = instances.join(HERE, PATIENCE).orElseThrow();
            DesktopTable desktops = new DesktopTable(store.first(), () -> self);
            desktops.register(
                    new ClientInfo(ClientInfo.DESKTOP, "studio", null, null, List.of(), List.of(), List.of()),
                    Generation.V2);
            assertThat(desktops.list()).singleElement().satisfies(desktop -> assertThat(desktop.owner())
                    .isEqualTo("here"));

            InstanceRow seen = others.list().get(0);
            store.timePasses();
            instances.beat(self, HERE.url(), false);
            assertThat(others.declareDead(seen)).as("heard of since").isFalse();
            assertThat(others.declareDead(others.list().get(0))).isTrue();
            assertThat(instances.beat(self, HERE.url(), false)).isEmpty();
            assertThat(desktops.list()).singleElement().satisfies(desktop -> assertThat(desktop.owner())
                    .isNull());
        }

        @Test
        void ofTwoWhoDeclareOneDeadInOneMomentOneDoes() throws Exception {
            instances.join(HERE, PATIENCE);
            InstanceRow seen = instances.list().get(0);
            assertThat(Races.together(List.of(() -> instances.declareDead(seen), () -> others.declareDead(seen))))
                    .containsExactlyInAnyOrder(true, false);
        }

        @Test
        void aSignOfLifeAndADeclarationOfDeathInOneMomentAgree() throws Exception {
            for (int round = 0; round < 10; round++) {
                Incarnation self = instances.join(HERE, PATIENCE).orElseThrow();
                InstanceRow seen = others.list().get(0);
                store.timePasses();
                List<Boolean> outcomes = Races.together(List.of(
                        () -> instances.beat(self, HERE.url(), false).isPresent(), () -> others.declareDead(seen)));
                assertThat(outcomes).containsExactlyInAnyOrder(true, false);
            }
        }
    }
}
