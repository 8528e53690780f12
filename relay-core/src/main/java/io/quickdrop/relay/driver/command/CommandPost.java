package io.quickdrop.relay.driver.command;

import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.threads.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where one instance's askers hand in commands and are told what becomes of them, whichever instance has the desktop. Looks into
 * the store once a second for all of them and all its desktops together, and at once when the store wakes it. Safe on any thread.
 */
public final class CommandPost implements CommandWakes, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CommandPost.class.getName());
    /** What a lost wake costs. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final Duration FORGET_EVERY = Duration.ofMinutes(2);
    /** So long after the store was out of reach answers may still be on their way to it. */
    private static final Duration GRACE_AFTER_OUTAGE = Duration.ofSeconds(30);
    /** Askers that wait at once: each has at least a connection. */
    private static final int MAX_WATCHES = 8192;

    /** The desktops of this instance. */
    public interface Desktops {
        /** Ids of those that are connected. */
        Collection<String> connected();

        /** One of them has, or may have, pending commands. */
        void waiting(String clientId);
    }

    /** An asker. */
    private static final class Watch {
        final String commandId;
        final Consumer<StoredCommand> told;
        private @Nullable StoredCommand last;

        Watch(String commandId, Consumer<StoredCommand> told) {
            this.commandId = commandId;
            this.told = told;
        }

        /** Tells it unless it knows; returns whether that was the last. */
        synchronized boolean tell(StoredCommand now) {
            StoredCommand before = last;
            if (before == null || (!before.state().isEnd() && now.state().compareTo(before.state()) > 0)) {
                last = now;
                try {
                    told.accept(now);
                } catch (RuntimeException thrown) {
                    LOG.log(System.Logger.Level.ERROR, "who asked for command " + commandId + " threw", thrown);
                }
            }
            return now.state().isEnd();
        }
    }

    private final CommandStore store;
    private final Workers workers;
    private final Executor blocking;
    private final Desktops desktops;
    private final Map<String, Set<Watch>> watches = new ConcurrentHashMap<>();

    // ---- under this object's lock
    private final Set<String> changed = new HashSet<>();
    private final Set<String> woken = new HashSet<>();
    private boolean everything;
    private boolean looking;
    private int watching;
    private boolean closed;
    private Workers.@Nullable Timer timer;

    // ---- of the look that runs, one at a time
    private @Nullable Instant upSince;
    private Instant forgetNext;

    /**
     * Looks from now on.
     *
     * @param blocking runs calls of the store
     */
    public CommandPost(CommandStore store, Workers workers, Executor blocking, Desktops desktops) {
        this.store = store;
        this.workers = workers;
        this.blocking = blocking;
        this.desktops = desktops;
        this.forgetNext = workers.now();
        lookAgain();
    }

    /** Stores a command; blocks. What becomes of it {@link #watch} tells. */
    public CommandStore.Added ask(NewCommand command) throws StorageException {
        return store.add(command);
    }

    /** A command as it is now; blocks. */
    public Optional<StoredCommand> find(String commandId) throws StorageException {
        return store.find(List.of(commandId)).stream().findFirst();
    }

    /** The newest commands of a desktop, newest first; blocks. */
    public List<StoredCommand> list(String clientId, int most) throws StorageException {
        return store.list(clientId, most);
    }

    /**
     * Tells how a command is, soon, and at every change, until it ended. It need not be stored yet.
     *
     * @param told called by one thread at a time; must not block
     * @return ends it sooner; empty if too many watch
     */
    public Optional<Runnable> watch(String commandId, Consumer<StoredCommand> told) {
        Watch watch = new Watch(commandId, told);
        synchronized (this) {
            if (watching >= MAX_WATCHES || closed) {
                return Optional.empty();
            }
            watching++;
        }
        watches.compute(commandId, (id, others) -> {
            Set<Watch> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(watch);
            return all;
        });
        changed(commandId);
        return Optional.of(() -> unwatch(watch));
    }

    private void unwatch(Watch watch) {
        watches.computeIfPresent(watch.commandId, (id, all) -> {
            if (all.remove(watch)) {
                synchronized (this) {
                    watching--;
                }
            }
            return all.isEmpty() ? null : all;
        });
    }

    @Override
    public void waiting(String clientId) {
        synchronized (this) {
            woken.add(clientId);
        }
        look();
    }

    @Override
    public void changed(String commandId) {
        if (watches.containsKey(commandId)) {
            synchronized (this) {
                changed.add(commandId);
            }
            look();
        }
    }

    @Override
    public void lost() {
        synchronized (this) {
            everything = true;
        }
        look();
    }

    /** Nobody is told any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (timer != null) {
                timer.cancel();
            }
        }
        watches.clear();
    }

    private synchronized void lookAgain() {
        if (!closed) {
            timer = workers.at(workers.now().plus(LOOK_EVERY), () -> {
                lost();
                lookAgain();
            });
        }
    }

    private void look() {
        synchronized (this) {
            if (looking || closed) {
                return;
            }
            looking = true;
        }
        blocking.execute(this::lookWhileThereIsNews);
    }

    private void lookWhileThereIsNews() {
        while (true) {
            Set<String> ids;
            Set<String> clients;
            boolean all;
            synchronized (this) {
                if (closed || (changed.isEmpty() && woken.isEmpty() && !everything)) {
                    looking = false;
                    return;
                }
                all = everything;
                ids = all ? Set.copyOf(watches.keySet()) : Set.copyOf(changed);
                clients = Set.copyOf(woken);
                everything = false;
                changed.clear();
                woken.clear();
            }
            try {
                clients.forEach(desktops::waiting);
                if (all) {
                    everything(ids);
                } else if (!ids.isEmpty()) {
                    store.find(ids).forEach(this::tell);
                }
            } catch (StorageException failure) {
                upSince = null;
                LOG.log(System.Logger.Level.DEBUG, "commands could not be looked at: {0}", failure.toString());
            } catch (RuntimeException bug) {
                LOG.log(System.Logger.Level.ERROR, "commands could not be looked at", bug);
            }
        }
    }

    private void everything(Set<String> watched) throws StorageException {
        CommandStore.Due due = store.due(desktops.connected(), watched);
        Instant now = workers.now();
        Instant since = upSince == null ? now : upSince;
        upSince = since;
        due.waiting().forEach(desktops::waiting);
        due.watched().forEach(this::tell);
        if (due.late()) {
            store.sweep(!now.isBefore(since.plus(GRACE_AFTER_OUTAGE)));
        }
        if (!now.isBefore(forgetNext)) {
            forgetNext = now.plus(FORGET_EVERY);
            store.forget();
        }
    }

    private void tell(StoredCommand command) {
        for (Watch watch : watches.getOrDefault(command.commandId(), Set.of())) {
            if (watch.tell(command)) {
                unwatch(watch);
            }
        }
    }
}
