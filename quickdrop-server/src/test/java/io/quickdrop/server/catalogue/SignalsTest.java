package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.TestCatalogue.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every store's signals and clock keep to. */
class SignalsTest {
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

    @Timeout(120)
    abstract static class OnStore {
        private final Kind kind;
        private final List<Subscription> subscriptions = new ArrayList<>();
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
            subscriptions.forEach(Subscription::close);
            store.close();
        }

        private BlockingQueue<Signal> listening(Catalogue catalogue) {
            BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
            subscriptions.add(catalogue.signals().listen(heard::add));
            return heard;
        }

        private static void signal(Catalogue catalogue, String topic, String id) throws StorageException {
            catalogue.write("signal", connection -> {
                catalogue.signals().signal(connection, topic, id);
                return true;
            });
        }

        private static Signal next(BlockingQueue<Signal> heard) throws InterruptedException {
            return heard.poll(60, TimeUnit.SECONDS);
        }

        @Test
        void everyServerHearsWhatWasCommittedInItsOrder() throws Exception {
            BlockingQueue<Signal> here = listening(store.first());
            BlockingQueue<Signal> there = listening(store.second());
            signal(store.first(), "command", "one");
            signal(store.first(), "desktop", "an id: with \"odd\" letters ⌘");
            for (BlockingQueue<Signal> heard : List.of(here, there)) {
                assertThat(next(heard)).isEqualTo(new Signal("command", "one"));
                assertThat(next(heard)).isEqualTo(new Signal("desktop", "an id: with \"odd\" letters ⌘"));
            }
        }

        @Test
        void nobodyHearsOfWhatWasRolledBack() throws Exception {
            BlockingQueue<Signal> heard = listening(store.second());
            assertThatThrownBy(() -> store.first().write("fail", connection -> {
                        store.first().signals().signal(connection, "command", "rolled-back");
                        throw new SQLException("the test's work fails");
                    }))
                    .isInstanceOf(StorageException.class);
            signal(store.first(), "command", "committed");
            assertThat(next(heard)).isEqualTo(new Signal("command", "committed"));
        }

        @Test
        void aListenerHearsAfterTheCommit() throws Exception {
            BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
            DeviceTable devices = new DeviceTable(store.first(), store::now);
            subscriptions.add(store.first()
                    .signals()
                    .listen(signal -> seen.add(devices.list().size())));
            store.first().write("pair", connection -> {
                store.first().signals().signal(connection, "device", "pixel");
                try (var insert = connection.prepareStatement(
                        "INSERT INTO devices (id, name, key_hash, paired_ts, last_seen_ts) VALUES ('a', 'a', 'a', 1, 1)")) {
                    return insert.executeUpdate();
                }
            });
            assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(1);
        }

        @Test
        void aListenerThatFailsStopsNobodyAndOneThatStoppedHearsNothing() throws Exception {
            AtomicInteger stopped = new AtomicInteger();
            Subscription early = store.first().signals().listen(signal -> stopped.incrementAndGet());
            subscriptions.add(store.first().signals().listen(signal -> {
                throw new IllegalStateException("the test's listener fails");
            }));
            BlockingQueue<Signal> heard = listening(store.first());
            signal(store.first(), "command", "one");
            assertThat(next(heard)).isEqualTo(new Signal("command", "one"));
            assertThat(stopped).hasValue(1);

            early.close();
            early.close();
            signal(store.first(), "command", "two");
            assertThat(next(heard)).isEqualTo(new Signal("command", "two"));
            assertThat(stopped).hasValue(1);
        }

        @Test
        void whatIsNoTopicOrIdIsRefused() {
            for (String topic : List.of("", "Upper", "with:colon", "x".repeat(33))) {
                assertThatThrownBy(() -> signal(store.first(), topic, "id"))
                        .hasStackTraceContaining("topic \"" + topic);
            }
            assertThatThrownBy(() -> signal(store.first(), "command", "x".repeat(257)))
                    .hasStackTraceContaining("id of 257 characters: allowed are 256");
        }

        @Test
        void theClockIsTheStoresAndGoesOn() throws Exception {
            long first = store.first().read("ask", store.first()::now);
            store.timePasses();
            long second = store.second().read("ask", store.second()::now);
            assertThat(second).isGreaterThan(first);
        }

        @Test
        void theStoreIsUp() {
            assertThat(store.first().state().status().up()).isTrue();
            assertThat(store.first().state().status().detail()).isNull();
        }
    }
}
