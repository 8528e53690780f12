package io.quickdrop.relay.driver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.CommandState;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.command.CommandStore.Added;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link CommandStore} keeps to. Extend it with your store; all of its facts have to hold. */
@Timeout(120)
public abstract class CommandStoreContract {
    private static final Duration USUAL = NewCommand.USUAL_EXPIRY;

    private final AtomicInteger lastId = new AtomicInteger();

    /** For subclasses. */
    protected CommandStoreContract() {}

    /** An empty store, or the same one again within a test. */
    protected abstract CommandStore store() throws Exception;

    /** The desktops of the store's instance. */
    protected abstract DesktopRegistry desktops() throws Exception;

    /** The same store, as another live instance has it. */
    protected abstract CommandStore another() throws Exception;

    /** The desktops of that one. */
    protected abstract DesktopRegistry desktopsOfAnother() throws Exception;

    /** Lets the store's clock go on. */
    protected abstract void pass(Duration time) throws Exception;

    /** Has {@code listener} woken by what the store commits. */
    protected abstract void listen(CommandWakes listener) throws Exception;

    /** Registers a desktop here. */
    protected final long register(String clientId) throws Exception {
        return desktops().register(info(clientId), Generation.V2);
    }

    private static ClientInfo info(String clientId) {
        return new ClientInfo(ClientInfo.DESKTOP, clientId, null, null, List.of(), List.of("jpeg"), List.of());
    }

    private NewCommand command(String clientId, @Nullable String key, Duration expiresIn, int fps) {
        JsonObject data = new JsonObject();
        data.addProperty("maxFps", fps);
        return new NewCommand("c" + lastId.incrementAndGet(), clientId, "config", data, key, expiresIn, "ada");
    }

    private StoredCommand added(String clientId, Duration expiresIn) throws Exception {
        return ((Added.Stored) store().add(command(clientId, null, expiresIn, 5))).command();
    }

    private StoredCommand now(StoredCommand command) throws Exception {
        return store().find(List.of(command.commandId())).get(0);
    }

    private CommandOutcome outcome(StoredCommand command) throws Exception {
        return Objects.requireNonNull(now(command).ending()).outcome();
    }

    private static StoredCommand.Delivery delivery(StoredCommand command) {
        return Objects.requireNonNull(command.delivery());
    }

    private static List<String> ids(List<StoredCommand> commands) {
        return commands.stream().map(StoredCommand::commandId).toList();
    }

    @Test
    void whatIsAddedIsFoundAsItWas() throws Exception {
        register("d");
        NewCommand asked = command("d", "k", Duration.ofSeconds(7), 5);
        StoredCommand stored = ((Added.Stored) store().add(asked)).command();
        assertThat(stored.asked()).isEqualTo(asked);
        assertThat(stored.state()).isEqualTo(CommandState.PENDING);
        assertThat(Duration.between(stored.created(), stored.expires())).isEqualTo(Duration.ofSeconds(7));
        assertThat(stored.timeLeft()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(7));
        assertThat(another().find(List.of(asked.commandId(), asked.commandId(), "nobody")))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.asked()).isEqualTo(asked);
                    assertThat(found.delivery()).isNull();
                    assertThat(found.ending()).isNull();
                });
        assertThat(store().find(List.of())).isEmpty();
    }

    @Test
    void nothingIsAddedForADesktopThatIsNoneOrNoMore() throws Exception {
        assertThat(store().add(command("nobody", null, USUAL, 5))).isEqualTo(new Added.UnknownDesktop());
        register("d");
        desktops().remove("d");
        assertThat(store().add(command("d", null, USUAL, 5))).isEqualTo(new Added.UnknownDesktop());
        assertThat(store().list("d", 10)).isEmpty();
    }

    @Test
    void theSameCommandUnderTheSameKeyIsStoredOnce() throws Exception {
        long epoch = register("d");
        register("e");
        Added first = store().add(command("d", "k", USUAL, 5));
        String id = ((Added.Stored) first).command().commandId();
        Added second = another().add(command("d", "k", Duration.ofSeconds(99), 5));
        assertThat(((Added.Known) second).command().commandId()).isEqualTo(id);
        Added other = store().add(command("d", "k", USUAL, 6));
        assertThat(((Added.Conflict) other).other().commandId()).isEqualTo(id);
        assertThat(store().add(command("e", "k", USUAL, 5))).isInstanceOf(Added.Stored.class);
        assertThat(store().list("d", 10)).hasSize(1);

        store().claim("d", epoch, true);
        store().finish("d", epoch, id, CommandOutcome.completed(null));
        Added third = store().add(command("d", "k", USUAL, 5));
        assertThat(((Added.Known) third).command().state()).isEqualTo(CommandState.COMPLETED);
    }

    @Test
    void whoeverAsksAtTheSameTimeUnderOneKeyGetsOneCommand() throws Exception {
        register("d");
        List<Callable<Added>> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            CommandStore through = i % 2 == 0 ? store() : another();
            NewCommand asked = command("d", "k", USUAL, 5);
            calls.add(() -> through.add(asked));
        }
        List<Added> answers = atOnce(calls);
        assertThat(answers).filteredOn(Added.Stored.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(Added.Known.class::isInstance).hasSize(15);
        assertThat(store().list("d", 100)).hasSize(1);
    }

    @Test
    void aDesktopHasOnlySoManyOpenCommandsAlsoOfManyWhoAskAtOnce() throws Exception {
        long epoch = register("d");
        register("e");
        for (int i = 0; i < CommandStore.MAX_OPEN - 4; i++) {
            added("d", USUAL);
        }
        List<Callable<Added>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            CommandStore through = i % 2 == 0 ? store() : another();
            NewCommand asked = command("d", null, USUAL, 5);
            calls.add(() -> through.add(asked));
        }
        List<Added> answers = atOnce(calls);
        assertThat(answers).filteredOn(Added.Stored.class::isInstance).hasSize(4);
        assertThat(answers).filteredOn(Added.TooMany.class::isInstance).hasSize(8);
        assertThat(store().add(command("e", null, USUAL, 5))).isInstanceOf(Added.Stored.class);

        String first = store().claim("d", epoch, true).get(0).commandId();
        assertThat(store().add(command("d", null, USUAL, 5))).isInstanceOf(Added.TooMany.class);
        store().finish("d", epoch, first, CommandOutcome.completed(null));
        assertThat(store().add(command("d", null, USUAL, 5))).isInstanceOf(Added.Stored.class);
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aClaimDeliversWhatIsPendingInOrderAndReturnsWhatIsOpen() throws Exception {
        long epoch = register("d");
        register("e");
        StoredCommand a = added("d", USUAL);
        StoredCommand b = added("d", USUAL);
        added("e", USUAL);
        List<StoredCommand> claimed = store().claim("d", epoch, true);
        assertThat(ids(claimed)).containsExactly(a.commandId(), b.commandId());
        assertThat(claimed).allSatisfy(command -> {
            assertThat(command.state()).isEqualTo(CommandState.DELIVERED);
            StoredCommand.Delivery delivery = command.delivery();
            assertThat(delivery).isNotNull();
            assertThat(delivery.epoch()).isEqualTo(epoch);
            assertThat(delivery.again()).isTrue();
        });
        StoredCommand c = added("d", USUAL);
        store().finish("d", epoch, a.commandId(), CommandOutcome.completed(null));
        assertThat(ids(store().claim("d", epoch, true))).containsExactly(b.commandId(), c.commandId());
    }

    @Test
    void theNextRegistrationGetsWhatIsOpenAsItWasDeliveredFirst() throws Exception {
        long first = register("d");
        StoredCommand a = added("d", USUAL);
        store().claim("d", first, false);
        long second = desktopsOfAnother().register(info("d"), Generation.V2);
        StoredCommand b = added("d", USUAL);
        List<StoredCommand> open = another().claim("d", second, true);
        assertThat(ids(open)).containsExactly(a.commandId(), b.commandId());
        assertThat(open)
                .extracting(command -> delivery(command).epoch(), command -> command.delivery()
                        .again())
                .containsExactly(
                        tuple(first, false),
                        tuple(second, true));
    }

    @Test
    void aStaleOwnerClaimsNothingAndFinishesNothing() throws Exception {
        long stale = register("d");
        StoredCommand a = added("d", USUAL);
        store().claim("d", stale, true);
        StoredCommand b = added("d", USUAL);
        long current = desktopsOfAnother().register(info("d"), Generation.V2);
        assertThat(store().claim("d", stale, true)).isEmpty();
        assertThat(now(b).state()).isEqualTo(CommandState.PENDING);
        assertThat(store().finish("d", stale, a.commandId(), CommandOutcome.completed(null)))
                .isFalse();
        assertThat(now(a).state()).isEqualTo(CommandState.DELIVERED);
        assertThat(another().finish("d", current, a.commandId(), CommandOutcome.completed(null)))
                .isTrue();
    }

    @Test
    void whoeverHasLetADesktopGoClaimsNothingButStoresWhatItAnswered() throws Exception {
        long epoch = register("d");
        StoredCommand a = added("d", USUAL);
        store().claim("d", epoch, true);
        StoredCommand b = added("d", USUAL);
        desktops().left("d", epoch);
        assertThat(store().claim("d", epoch, true)).isEmpty();
        assertThat(now(b).state()).isEqualTo(CommandState.PENDING);
        assertThat(store().finish("d", epoch, a.commandId(), CommandOutcome.completed(null)))
                .isTrue();
    }

    @Test
    void aCommandEndsOnceAndOnlyByItsDesktop() throws Exception {
        long epoch = register("d");
        long other = register("e");
        StoredCommand a = added("d", USUAL);
        CommandOutcome failed = CommandOutcome.failed("it rains");
        assertThat(store().finish("d", epoch, a.commandId(), failed))
                .as("nobody was told of it")
                .isFalse();
        store().claim("d", epoch, true);
        assertThat(store().finish("e", other, a.commandId(), failed)).isFalse();
        assertThat(store().finish("d", epoch, "nobody", failed)).isFalse();
        JsonObject result = new JsonObject();
        result.addProperty("width", 7);
        CommandOutcome completed = new CommandOutcome(CommandState.COMPLETED, result, null, "here");
        assertThat(store().finish("d", epoch, a.commandId(), completed)).isTrue();
        assertThat(store().finish("d", epoch, a.commandId(), failed)).isFalse();
        StoredCommand.Ending ending = now(a).ending();
        assertThat(ending).isNotNull();
        assertThat(ending.outcome()).isEqualTo(completed);
        assertThat(store().claim("d", epoch, true)).isEmpty();
        assertThat(store().sweep(true)).isZero();
    }

    @Test
    void whatIsPendingTooLongNeverReachesItsDesktop() throws Exception {
        long epoch = register("d");
        StoredCommand a = added("d", Duration.ofSeconds(20));
        StoredCommand b = added("d", Duration.ofSeconds(500));
        pass(Duration.ofSeconds(21));
        assertThat(ids(store().claim("d", epoch, true))).containsExactly(b.commandId());
        assertThat(now(a).state()).isEqualTo(CommandState.EXPIRED);
        assertThat(outcome(a).error()).isEqualTo(CommandStore.TOO_LATE);
        assertThat(now(b).timeLeft()).isLessThan(Duration.ofMinutes(8));
    }

    @Test
    void theSweepExpiresWhatIsPendingTooLongAndLeavesTheRest() throws Exception {
        register("d");
        StoredCommand a = added("d", Duration.ofSeconds(20));
        StoredCommand b = added("d", Duration.ofSeconds(500));
        assertThat(store().due(Set.of(), Set.of()).late()).isFalse();
        assertThat(store().sweep(true)).isZero();
        pass(Duration.ofSeconds(21));
        assertThat(another().due(Set.of(), Set.of()).late()).isTrue();
        assertThat(another().sweep(false)).isEqualTo(1);
        assertThat(now(a).state()).isEqualTo(CommandState.EXPIRED);
        assertThat(now(b).state()).isEqualTo(CommandState.PENDING);
        assertThat(store().due(Set.of(), Set.of()).late()).isFalse();
    }

    @Test
    void whatIsDeliveredIsEndedOnlyWhenNobodyAnsweredForLong() throws Exception {
        long epoch = register("d");
        StoredCommand a = added("d", Duration.ofSeconds(20));
        store().claim("d", epoch, true);
        pass(CommandStore.ANSWER_GRACE);
        assertThat(store().sweep(true)).isZero();
        pass(Duration.ofSeconds(21));
        assertThat(store().sweep(false)).as("its answer may be on its way").isZero();
        assertThat(now(a).state()).isEqualTo(CommandState.DELIVERED);
        assertThat(store().sweep(true)).isEqualTo(1);
        assertThat(now(a).state()).isEqualTo(CommandState.FAILED);
        assertThat(outcome(a).error()).contains("may have run");
        assertThat(store().finish("d", epoch, a.commandId(), CommandOutcome.completed(null)))
                .isFalse();
    }

    @Test
    void theCommandsOfADesktopThatIsRemovedEnd() throws Exception {
        long epoch = register("d");
        StoredCommand a = added("d", USUAL);
        store().claim("d", epoch, true);
        StoredCommand b = added("d", USUAL);
        desktops().remove("d");
        assertThat(store().claim("d", epoch, true)).isEmpty();
        assertThat(store().due(Set.of(), Set.of()).late()).isTrue();
        assertThat(store().sweep(false)).isEqualTo(2);
        assertThat(now(a).state()).isEqualTo(CommandState.FAILED);
        assertThat(now(b).state()).isEqualTo(CommandState.EXPIRED);
    }

    @Test
    void whatIsDueIsToldForTheDesktopsAndAskersOfOneInstance() throws Exception {
        long epoch = register("d");
        register("e");
        StoredCommand a = added("d", USUAL);
        added("e", USUAL);
        assertThat(store().due(Set.of("d", "x"), Set.of(a.commandId(), "y"))).satisfies(due -> {
            assertThat(due.waiting()).containsExactly("d");
            assertThat(ids(due.watched())).containsExactly(a.commandId());
        });
        store().claim("d", epoch, true);
        assertThat(store().due(Set.of("d"), Set.of()).waiting()).isEmpty();
    }

    @Test
    void theNewestAreListedFirst() throws Exception {
        register("d");
        StoredCommand a = added("d", USUAL);
        StoredCommand b = added("d", USUAL);
        StoredCommand c = added("d", USUAL);
        assertThat(ids(store().list("d", 10))).containsExactly(c.commandId(), b.commandId(), a.commandId());
        assertThat(ids(store().list("d", 2))).containsExactly(c.commandId(), b.commandId());
        assertThat(store().list("e", 2)).isEmpty();
    }

    @Test
    void whatEndedIsForgottenAfterADayAndWhatIsOpenIsNot() throws Exception {
        long epoch = register("d");
        StoredCommand a = added("d", NewCommand.MAX_EXPIRY);
        store().claim("d", epoch, true);
        StoredCommand b = added("d", NewCommand.MAX_EXPIRY);
        store().finish("d", epoch, a.commandId(), CommandOutcome.completed(null));
        pass(CommandStore.KEPT_FOR.minusSeconds(60));
        assertThat(store().forget()).isZero();
        pass(Duration.ofSeconds(61));
        assertThat(store().forget()).isEqualTo(1);
        assertThat(ids(store().list("d", 10))).containsExactly(b.commandId());
    }

    @Test
    void whatADesktopSaysIsBounded() throws Exception {
        long epoch = register("d");
        StoredCommand a = added("d", USUAL);
        StoredCommand b = added("d", USUAL);
        store().claim("d", epoch, true);
        JsonObject huge = new JsonObject();
        huge.addProperty("x", "y".repeat(CommandOutcome.MAX_RESULT_CHARS));
        store().finish("d", epoch, a.commandId(), CommandOutcome.completed(huge));
        store().finish("d", epoch, b.commandId(), CommandOutcome.failed("z".repeat(5000)));
        assertThat(outcome(a).result()).isNull();
        assertThat(outcome(a).error()).contains("found a result of 16");
        assertThat(outcome(b).error()).hasSize(CommandOutcome.MAX_ERROR_CHARS);
    }

    @Test
    void whoWaitsIsWokenByWhatAnotherInstanceCommits() throws Exception {
        Set<String> woken = ConcurrentHashMap.newKeySet();
        listen(new CommandWakes() {
            @Override
            public void waiting(String clientId) {
                woken.add("waiting " + clientId);
            }

            @Override
            public void changed(String commandId) {
                woken.add("changed " + commandId);
            }

            @Override
            public void lost() {
                woken.add("lost");
            }
        });
        long epoch = desktopsOfAnother().register(info("d"), Generation.V2);
        NewCommand asked = command("d", null, USUAL, 5);
        another().add(asked);
        wokenBy(woken, "waiting d");
        another().claim("d", epoch, true);
        wokenBy(woken, "changed " + asked.commandId());
        another().finish("d", epoch, asked.commandId(), CommandOutcome.completed(null));
        wokenBy(woken, "changed " + asked.commandId());
        NewCommand late = command("d", null, Duration.ofSeconds(1), 5);
        another().add(late);
        pass(Duration.ofSeconds(2));
        another().sweep(false);
        wokenBy(woken, "changed " + late.commandId());
    }

    private static void wokenBy(Set<String> woken, String what) {
        await().atMost(Duration.ofSeconds(30)).until(() -> woken.contains(what) || woken.contains("lost"));
        woken.clear();
    }
}
