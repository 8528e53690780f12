package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.StoreState.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL stopped, frozen, and at the other end of a cable that is pulled out. */
@Timeout(180)
class PostgresOutageTest {
    private static final Duration STOPPED = Duration.ofSeconds(2);
    private static final Duration FROZEN = Duration.ofSeconds(5);
    /** For a machine that does much else: the limits are kept with some tenths of a second in hand on a quiet one. */
    private static final Duration SLACK = Duration.ofMillis(1_500);

    private static final long PATIENCE_SECONDS = 60;

    private static TestPostgres postgres;

    private final BlockingQueue<Status> changes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
    private String url;
    private Catalogue catalogue;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void end() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void open() throws StorageException {
        url = postgres.newDatabase();
        catalogue = opened(url);
    }

    private Catalogue opened(String address) throws StorageException {
        Catalogue fresh = TestPostgres.catalogue(address);
        fresh.state().listen(changes::add);
        fresh.signals().listen(heard::add);
        return fresh;
    }

    @AfterEach
    void close() throws StorageException {
        catalogue.close();
    }

    private void note(long seconds) throws StorageException {
        new LifeTable(catalogue).note(Duration.ofSeconds(seconds));
    }

    private interface Call {
        void run() throws StorageException;
    }

    private static StorageException failsWithin(Duration limit, Call call) {
        long begun = System.nanoTime();
        try {
            call.run();
        } catch (StorageException e) {
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("time to \"%s\"", e.getMessage())
                    .isLessThan(limit.plus(SLACK));
            return e;
        }
        throw new AssertionError("the store is away, and the call worked");
    }

    private void isDown() throws InterruptedException {
        Status change = changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(change).isNotNull();
        assertThat(change.up()).isFalse();
        assertThat(change.detail()).isNotEmpty();
    }

    private void isUpAgain() throws InterruptedException {
        Status change = changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(change).isNotNull();
        assertThat(change.up()).isTrue();
    }

    private void hears(Predicate<Signal> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            Signal next = heard.poll(1, TimeUnit.SECONDS);
            if (next != null && wanted.test(next)) {
                return;
            }
        }
        throw new AssertionError("the signal was not heard");
    }

    private void signalsWork() throws Exception {
        catalogue.write("signal", connection -> {
            catalogue.signals().signal(connection, "command", "after");
            return true;
        });
        hears(signal -> signal.id().equals("after"));
    }

    @Test
    void aStoppedStoreIsAnErrorInTwoSecondsAndComesBackByItself() throws Exception {
        note(1);
        postgres.stop();
        StorageException first = failsWithin(STOPPED, () -> note(2));
        assertThat(first).hasMessageContaining("postgresql://postgres@127.0.0.1:" + postgres.port());
        failsWithin(STOPPED, () -> new LifeTable(catalogue).running());
        isDown();
        // Known to be down, it costs nobody any time.
        StorageException known = failsWithin(Duration.ZERO, () -> note(2));
        assertThat(known).hasMessageContaining("is down since");

        postgres.startAgain();
        isUpAgain();
        hears(Signal::isResync);
        assertThat(new LifeTable(catalogue).running()).isEqualTo(Duration.ofSeconds(1));
        note(3);
        assertThat(new LifeTable(catalogue).running()).isEqualTo(Duration.ofSeconds(3));
        signalsWork();
    }

    @Test
    void aFrozenStoreIsAnErrorInFiveSecondsForEverybodyAndComesBackByItself() throws Exception {
        note(1);
        postgres.freeze();
        try {
            AtomicInteger failed = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            // More than the pool has connections: some wait for one, and some hold one that is silent.
            for (int i = 0; i < 16; i++) {
                Thread caller = new Thread(() -> {
                    failsWithin(FROZEN, () -> note(2));
                    failed.incrementAndGet();
                });
                callers.add(caller);
                caller.start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(failed).hasValue(callers.size());
            isDown();
        } finally {
            postgres.thaw();
        }
        isUpAgain();
        hears(Signal::isResync);
        note(3);
        assertThat(new LifeTable(catalogue).running()).isEqualTo(Duration.ofSeconds(3));
        signalsWork();
    }

    @Test
    void aStoreThatFreezesWithinATransactionIsAnErrorInFiveSeconds() throws Exception {
        note(1);
        try {
            failsWithin(
                    FROZEN,
                    () -> catalogue.write("freeze within", connection -> {
                        catalogue.now(connection);
                        postgres.freeze();
                        return catalogue.now(connection);
                    }));
        } finally {
            postgres.thaw();
        }
        isUpBehindAnyOutage();
        note(3);
    }

    @Test
    void aCommitWithoutAnAnswerIsUnknownAndSaysSo() throws Exception {
        note(1);
        try {
            StorageException failure = failsWithin(
                    FROZEN,
                    () -> catalogue.write("note without an answer", connection -> {
                        long now = catalogue.now(connection);
                        postgres.freeze();
                        return now;
                    }));
            assertThat(failure).hasMessageContaining("whether it was done is unknown");
        } finally {
            postgres.thaw();
        }
        isUpBehindAnyOutage();
        note(3);
    }

    /** Whether a short freeze was noticed as an outage is a matter of luck; that it is over is not. */
    private void isUpBehindAnyOutage() throws InterruptedException {
        CountDownLatch up = new CountDownLatch(1);
        try (Subscription watching = catalogue.state().listen(status -> {
            if (status.up()) {
                up.countDown();
            }
        })) {
            assertThat(watching).isNotNull();
            if (!catalogue.state().status().up()) {
                assertThat(up.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void aStoreAtTheEndOfAPulledCableIsAnErrorInFiveSecondsAndComesBackByItself() throws Exception {
        try (Wire wire = new Wire(postgres.port())) {
            catalogue.close();
            catalogue = opened(url.replace(":" + postgres.port() + "/", ":" + wire.port() + "/"));
            note(1);
            wire.pullOut();
            failsWithin(FROZEN, () -> note(2));
            isDown();
            wire.plugIn();
            isUpAgain();
            hears(Signal::isResync);
            note(3);
            signalsWork();
        }
    }

    @Test
    void aRestartIsNotNoticedByWhoCallsAfterwards() throws Exception {
        note(1);
        postgres.stop();
        postgres.startAgain();
        isUpBehindAnyOutage();
        // The pool's connections are all broken; a call replaces its own.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean worked = false;
        while (!worked && System.nanoTime() < end) {
            try {
                note(2);
                worked = true;
            } catch (StorageException e) {
                isUpBehindAnyOutage();
            }
        }
        assertThat(new LifeTable(catalogue).running()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aConnectionThatSomebodyEndedIsReplacedWithoutAWord() throws Exception {
        note(1);
        TestPostgres.execute(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        note(2);
        hears(Signal::isResync);
        signalsWork();
        assertThat(catalogue.state().status().up()).isTrue();
    }

    @Test
    void aTransactionThatHoldsALockForTooLongIsEndedAndOthersGetOn() throws Exception {
        note(1);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        BlockingQueue<StorageException> failures = new LinkedBlockingQueue<>();
        Thread holder = new Thread(() -> {
            try {
                catalogue.write("hold a lock", connection -> {
                    try (var update = connection.prepareStatement("UPDATE store_info SET value = '9'")) {
                        update.executeUpdate();
                    }
                    locked.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return 1;
                });
            } catch (StorageException e) {
                failures.add(e);
            }
        });
        holder.start();
        locked.await();
        failsWithin(FROZEN, () -> note(2));
        boolean worked = false;
        for (int i = 0; i < 5 && !worked; i++) {
            try {
                note(3);
                worked = true;
            } catch (StorageException e) {
                assertThat(e).hasMessageContaining("busy");
            }
        }
        go.countDown();
        holder.join();
        assertThat(failures).hasSize(1);
        assertThat(new LifeTable(catalogue).running()).isEqualTo(Duration.ofSeconds(3));
        assertThat(catalogue.state().status().up()).as("busy is not down").isTrue();
    }
}
