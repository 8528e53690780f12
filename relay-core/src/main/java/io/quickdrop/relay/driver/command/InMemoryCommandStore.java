package io.quickdrop.relay.driver.command;

import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.CommandState;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Commands that are forgotten with the process: for tests and small embedders. Safe on any thread. */
public final class InMemoryCommandStore implements CommandStore {
    /** What the registry has of desktops. */
    public interface Registrations {
        /** The last registration of a desktop that was not removed. */
        Optional<Registration> of(String clientId) throws StorageException;
    }

    /**
     * A registration.
     *
     * @param connected whether it holds still
     */
    public record Registration(long epoch, boolean connected) {}

    private final Registrations registrations;
    private final InstantSource clock;
    private final List<CommandWakes> wakes = new CopyOnWriteArrayList<>();
    /** In the order in which they were added. */
    private final Map<String, StoredCommand> commands = new LinkedHashMap<>();

    /** @param clock the store's, for all who use it */
    public InMemoryCommandStore(Registrations registrations, InstantSource clock) {
        this.registrations = registrations;
        this.clock = clock;
    }

    /** Has {@code listener} woken from now on. */
    public void listen(CommandWakes listener) {
        wakes.add(listener);
    }

    @Override
    public String instance() {
        return "this";
    }

    @Override
    public Added add(NewCommand command) throws StorageException {
        boolean known = registrations.of(command.clientId()).isPresent();
        synchronized (this) {
            if (!known) {
                return new Added.UnknownDesktop();
            }
            for (StoredCommand other : commands.values()) {
                if (command.idempotencyKey() != null
                        && other.asked().clientId().equals(command.clientId())
                        && command.idempotencyKey().equals(other.asked().idempotencyKey())) {
                    return other.asked().asksTheSameAs(command)
                            ? new Added.Known(now(other))
                            : new Added.Conflict(now(other));
                }
            }
            long open = of(command.clientId())
                    .filter(other -> !other.state().isEnd())
                    .count();
            if (open >= MAX_OPEN) {
                return new Added.TooMany();
            }
            Instant now = clock.instant();
            StoredCommand stored = new StoredCommand(
                    command, CommandState.PENDING, now, now.plus(command.expiresIn()), command.expiresIn(), null, null);
            if (commands.putIfAbsent(command.commandId(), stored) != null) {
                throw new IllegalArgumentException("command " + command.commandId() + " was added before");
            }
            wakes.forEach(wake -> wake.waiting(command.clientId()));
            return new Added.Stored(stored);
        }
    }

    @Override
    public synchronized List<StoredCommand> find(Collection<String> commandIds) {
        return commandIds.stream()
                .distinct()
                .map(commands::get)
                .filter(Objects::nonNull)
                .map(this::now)
                .toList();
    }

    @Override
    public synchronized List<StoredCommand> list(String clientId, int most) {
        List<StoredCommand> all = new ArrayList<>(of(clientId).toList());
        Collections.reverse(all);
        return all.stream().limit(most).map(this::now).toList();
    }

    @Override
    public List<StoredCommand> claim(String clientId, long epoch, boolean again) throws StorageException {
        boolean current = registrations
                .of(clientId)
                .filter(known -> known.epoch() == epoch && known.connected())
                .isPresent();
        synchronized (this) {
            if (!current) {
                return List.of();
            }
            Instant now = clock.instant();
            changeAll(
                    clientId,
                    command -> command.state() == CommandState.PENDING,
                    command -> now.isBefore(command.expires())
                            ? delivered(command, new StoredCommand.Delivery(now, epoch, again))
                            : ended(command, CommandOutcome.expired(TOO_LATE), now));
            return of(clientId)
                    .filter(command -> command.state() == CommandState.DELIVERED)
                    .map(this::now)
                    .toList();
        }
    }

    @Override
    public boolean finish(String clientId, long epoch, String commandId, CommandOutcome outcome)
            throws StorageException {
        boolean current = registrations
                .of(clientId)
                .filter(known -> known.epoch() == epoch)
                .isPresent();
        synchronized (this) {
            return current
                    && changeAll(
                                    clientId,
                                    command -> command.state() == CommandState.DELIVERED
                                            && command.commandId().equals(commandId),
                                    command -> ended(command, outcome, clock.instant()))
                            > 0;
        }
    }

    @Override
    public synchronized Due due(Collection<String> connected, Collection<String> watched) throws StorageException {
        Set<String> waiting = new HashSet<>();
        boolean late = false;
        for (StoredCommand command : commands.values()) {
            String clientId = command.asked().clientId();
            if (command.state() == CommandState.PENDING && connected.contains(clientId)) {
                waiting.add(clientId);
            }
            late |= isLate(command, true);
        }
        return new Due(waiting, find(watched), late);
    }

    @Override
    public synchronized int sweep(boolean unanswered) throws StorageException {
        int ended = 0;
        for (StoredCommand command : List.copyOf(commands.values())) {
            if (isLate(command, unanswered)) {
                boolean pending = command.state() == CommandState.PENDING;
                change(ended(
                        command,
                        pending ? CommandOutcome.expired(TOO_LATE) : CommandOutcome.failed(UNANSWERED),
                        clock.instant()));
                ended++;
            }
        }
        return ended;
    }

    private boolean isLate(StoredCommand command, boolean unanswered) throws StorageException {
        if (command.state().isEnd()) {
            return false;
        }
        Instant now = clock.instant();
        if (registrations.of(command.asked().clientId()).isEmpty()) {
            return true;
        }
        return command.state() == CommandState.PENDING
                ? !now.isBefore(command.expires())
                : unanswered && !now.isBefore(command.expires().plus(ANSWER_GRACE));
    }

    @Override
    public synchronized int forget() {
        int before = commands.size();
        Instant now = clock.instant();
        commands.values().removeIf(command -> {
            StoredCommand.Ending ending = command.ending();
            return ending != null && !now.isBefore(ending.at().plus(KEPT_FOR));
        });
        Map<String, Integer> kept = new HashMap<>();
        List<StoredCommand> newestFirst = new ArrayList<>(commands.values());
        Collections.reverse(newestFirst);
        for (StoredCommand command : newestFirst) {
            if (command.state().isEnd() && kept.merge(command.asked().clientId(), 1, Integer::sum) > MAX_KEPT) {
                commands.remove(command.commandId());
            }
        }
        return before - commands.size();
    }

    private Stream<StoredCommand> of(String clientId) {
        return commands.values().stream()
                .filter(command -> command.asked().clientId().equals(clientId));
    }

    private int changeAll(String clientId, Predicate<StoredCommand> which, UnaryOperator<StoredCommand> how) {
        List<StoredCommand> found = of(clientId).filter(which).toList();
        found.forEach(command -> change(how.apply(command)));
        return found.size();
    }

    private void change(StoredCommand command) {
        commands.put(command.commandId(), command);
        wakes.forEach(wake -> wake.changed(command.commandId()));
    }

    private static StoredCommand delivered(StoredCommand command, StoredCommand.Delivery delivery) {
        return new StoredCommand(
                command.asked(),
                CommandState.DELIVERED,
                command.created(),
                command.expires(),
                command.timeLeft(),
                delivery,
                null);
    }

    private static StoredCommand ended(StoredCommand command, CommandOutcome outcome, Instant now) {
        return new StoredCommand(
                command.asked(),
                outcome.state(),
                command.created(),
                command.expires(),
                command.timeLeft(),
                command.delivery(),
                new StoredCommand.Ending(now, outcome));
    }

    private StoredCommand now(StoredCommand command) {
        return new StoredCommand(
                command.asked(),
                command.state(),
                command.created(),
                command.expires(),
                Duration.between(clock.instant(), command.expires()),
                command.delivery(),
                command.ending());
    }
}
