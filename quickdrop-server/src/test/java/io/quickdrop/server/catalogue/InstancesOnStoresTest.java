package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRegistry.Registered;
import io.quickdrop.server.catalogue.ChoreTable.Progress;
import io.quickdrop.server.catalogue.ChoreTable.Swept;
import io.quickdrop.server.catalogue.InstanceTable.Introduction;
import io.quickdrop.server.catalogue.TestCatalogue.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is a member, and what is cleared away, on each store. */
class InstancesOnStoresTest {
    private static final ClientInfo STUDIO =
            new ClientInfo(ClientInfo.DESKTOP, "studio", "Studio", null, List.of(), List.of(), List.of());
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration LONG = Duration.ofHours(1);

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
        private InstanceTable table;
        private ChoreTable chores;

        OnStore(Kind kind) {
            this.kind = kind;
        }

        @BeforeEach
        void open(@TempDir Path folder) throws StorageException {
            store = TestCatalogue.open(kind, folder);
            table = new InstanceTable(store.first());
            chores = new ChoreTable(store.first());
        }

        @AfterEach
        void close() throws StorageException {
            store.close();
        }

        private static Introduction introduction(String id, String url) {
            return new Introduction(id, id, url, "0".repeat(64), "");
        }

        private Incarnation join(String id) throws StorageException {
            return table.join(introduction(id, "https://" + id + ":8443"), LONG).orElseThrow();
        }

        private InstanceRow row(String id) throws StorageException {
            return table.list().stream()
                    .filter(row -> row.id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }

        private List<Registered> desktops() throws StorageException {
            return new DesktopTable(store.first(), () -> new Incarnation("nobody", 0)).list();
        }

        @Test
        void aMemberIsHeardOf() throws Exception {
            Incarnation here = join("here");
            Instant before = row("here").seenAt();
            store.timePasses();
            assertThat(table.beat(here, "https://elsewhere:1", true)).hasValueSatisfying(beat -> {
                assertThat(beat.now()).isAfter(before);
                assertThat(beat.instances()).singleElement().satisfies(row -> {
                    assertThat(row.url()).isEqualTo("https://elsewhere:1");
                    assertThat(row.isMember()).isTrue();
                });
            });
            assertThat(row("here").seenAt()).isAfter(before);
        }

        @Test
        void whoIsDeclaredDeadFindsOutAndBeginsAHigherLifeWithoutDesktops() throws Exception {
            Incarnation here = join("here");
            DesktopTable desktops = new DesktopTable(store.first(), () -> here);
            long epoch = desktops.register(STUDIO, Generation.V2);
            assertThat(table.declareDead(row("here"))).isTrue();
            assertThat(table.declareDead(row("here"))).as("once").isFalse();
            assertThat(desktops()).singleElement().extracting(Registered::owner).isNull();

            assertThat(table.beat(here, "https://here:8443", false)).isEmpty();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> desktops.seen(Map.of("studio", epoch))))
                    .as("nothing is concluded about desktops before it begins anew")
                    .isInstanceOf(StorageException.class);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> desktops.register(STUDIO, Generation.V2)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("not a member");

            Incarnation again = join("here");
            assertThat(again.number()).isGreaterThan(here.number());
            assertThat(table.beat(here, "https://here:8443", false))
                    .as("the former life stays over")
                    .isEmpty();
            assertThat(table.beat(again, "https://here:8443", false)).isPresent();
            assertThat(desktops())
                    .as("what the former life served is connected nowhere")
                    .singleElement()
                    .extracting(Registered::owner)
                    .isNull();
        }

        @Test
        void whoWasHeardOfSinceIsNotDeclaredDead() throws Exception {
            Incarnation here = join("here");
            InstanceRow read = row("here");
            store.timePasses();
            table.beat(here, "https://here:8443", false);
            assertThat(table.declareDead(read)).isFalse();
            assertThat(row("here").isMember()).isTrue();
        }

        @Test
        void aCopiedIdThatLivesElsewhereIsRefused() throws Exception {
            join("here");
            Introduction copy = introduction("here", "https://copy:8443");
            assertThat(table.join(copy, LONG)).isEmpty();
            assertThat(table.join(introduction("here", "https://here:8443"), LONG))
                    .as("a process that was killed comes back")
                    .isPresent();
            store.timePasses();
            assertThat(table.join(copy, NO_TIME)).as("of one that is gone").isPresent();
        }

        @Test
        void whoLeavesTakesItsDesktopsOffline() throws Exception {
            Incarnation here = join("here");
            new DesktopTable(store.first(), () -> here).register(STUDIO, Generation.V2);
            table.leave(here);
            assertThat(row("here").isMember()).isFalse();
            assertThat(row("here").saidGoodbye()).isTrue();
            assertThat(desktops()).singleElement().extracting(Registered::owner).isNull();
        }

        @Test
        void whatTheDeadLeftIsClearedAwayAndNothingOfTheLiving() throws Exception {
            Incarnation living = join("living");
            Incarnation dying = join("dying");
            new DesktopTable(store.first(), () -> living).register(STUDIO, Generation.V2);
            ClientInfo attic =
                    new ClientInfo(ClientInfo.DESKTOP, "attic", "Attic", null, List.of(), List.of(), List.of());
            new DesktopTable(store.first(), () -> dying).register(attic, Generation.V2);
            table.declareDead(row("dying"));

            assertThat(chores.progress().done()).isEqualTo(Instant.EPOCH);
            assertThat(chores.sweep(living, chores.progress(), LONG, LONG))
                    .as("not before it has been gone for the window")
                    .isEqualTo(new Swept(0, 0));
            store.timePasses();
            assertThat(chores.sweep(living, chores.progress(), NO_TIME, LONG)).isEqualTo(new Swept(1, 0));
            assertThat(table.list()).as("people are told of it for a while").hasSize(2);
            store.timePasses();
            assertThat(chores.sweep(living, chores.progress(), NO_TIME, NO_TIME))
                    .isEqualTo(new Swept(0, 1));
            assertThat(table.list()).extracting(InstanceRow::id).containsExactly("living");
            assertThat(desktops())
                    .extracting(desktop -> desktop.info().clientId() + " " + desktop.owner())
                    .containsExactly("attic null", "studio living");
        }

        @Test
        void oneInstanceAtATimeClearsAway() throws Exception {
            Incarnation here = join("here");
            Incarnation there = join("there");
            Progress seen = chores.progress();
            assertThat(chores.wait(here, seen, LONG)).isTrue();
            assertThat(chores.wait(there, seen, LONG))
                    .as("the other was faster")
                    .isFalse();
            Progress after = chores.progress();
            assertThat(after.notBefore()).isEqualTo(seen.now().plus(LONG));
            table.leave(there);
            store.timePasses();
            assertThat(chores.sweep(here, seen, NO_TIME, NO_TIME))
                    .as("of what was read before somebody was faster")
                    .isEqualTo(new Swept(0, 0));
            assertThat(table.list()).hasSize(2);
        }
    }
}
