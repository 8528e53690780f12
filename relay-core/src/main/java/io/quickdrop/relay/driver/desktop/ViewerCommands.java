package io.quickdrop.relay.driver.desktop;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.CommandState;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandStore.Added;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one viewer: stored in the order in which it asked, each told on until it ends or the viewer goes. Safe on any
 * thread; returns at once.
 */
final class ViewerCommands {
    /** That wait for the store at once: a store that stands still must not collect what a viewer sends. */
    private static final int MAX_WAITING = 32;

    private final DesktopRelay relay;
    private final String name;
    private final Consumer<CommandStatus> told;
    private final Consumer<LinkMessage.Problem> refused;
    private final SerialInbox<Runnable> calls;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Runnable> watched = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Nothing is asked yet.
     *
     * @param told every status; called on a thread of the relay
     * @param refused what is asked of no desktop
     */
    ViewerCommands(
            DesktopRelay relay, String name, Consumer<CommandStatus> told, Consumer<LinkMessage.Problem> refused) {
        this.relay = relay;
        this.name = name;
        this.told = told;
        this.refused = refused;
        this.calls = new SerialInbox<>(relay.blocking(), Runnable::run);
    }

    void ask(DesktopCommand command) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            refuse(command, "allowed are " + MAX_WAITING + " commands that wait for the store");
            return;
        }
        calls.add(() -> {
            try {
                store(command);
            } finally {
                waiting.decrementAndGet();
            }
        });
    }

    void closed() {
        closed = true;
        watched.values().forEach(Runnable::run);
        watched.clear();
    }

    private void store(DesktopCommand command) {
        Long asked = command.expiresInMs();
        Duration expiresIn = asked == null ? NewCommand.USUAL_EXPIRY : Duration.ofMillis(asked);
        Optional<String> problem =
                NewCommand.problem(command.commandType(), command.commandData(), command.idempotencyKey(), expiresIn);
        if (problem.isPresent()) {
            refuse(command, problem.get());
            return;
        }
        NewCommand wish = new NewCommand(
                UUID.randomUUID().toString(),
                command.desktopClientId(),
                command.commandType(),
                command.commandData(),
                command.idempotencyKey(),
                expiresIn,
                name);
        try {
            taken(command, relay.commands().ask(wish));
        } catch (StorageException | RuntimeException failure) {
            refuse(command, "the store does not answer; the command may run all the same: " + failure.getMessage());
        }
    }

    private void taken(DesktopCommand command, Added added) {
        if (added instanceof Added.Stored stored) {
            watch(stored.command());
        } else if (added instanceof Added.Known known) {
            watch(known.command());
        } else if (added instanceof Added.Conflict conflict) {
            refuse(
                    command,
                    "found another command under this idempotencyKey: "
                            + conflict.other().commandId());
        } else if (added instanceof Added.TooMany) {
            refuse(command, "the desktop has as many open commands as are allowed");
        } else {
            refused.accept(LinkMessage.Problem.of(
                    ErrorReason.DESKTOP_UNKNOWN, "no desktop \"" + command.desktopClientId() + "\" is enrolled"));
        }
    }

    private void watch(StoredCommand command) {
        tell(command);
        if (command.state().isEnd() || closed) {
            return;
        }
        String id = command.commandId();
        CommandState first = command.state();
        // Put before it can have ended: what ends it takes it away again.
        watched.put(id, () -> {});
        Optional<Runnable> end = relay.commands().watch(id, now -> {
            if (now.state().isEnd()) {
                watched.remove(id);
            }
            if (now.state() != first) {
                tell(now);
            }
        });
        end.ifPresent(stop -> {
            watched.computeIfPresent(id, (same, none) -> stop);
            if (closed) {
                stop.run();
            }
        });
    }

    private void tell(StoredCommand command) {
        StoredCommand.Ending ending = command.ending();
        @Nullable CommandOutcome outcome = ending == null ? null : ending.outcome();
        @Nullable JsonObject result = outcome == null ? null : outcome.result();
        @Nullable String error = outcome == null ? null : outcome.error();
        told.accept(new CommandStatus(
                command.commandId(), command.state().wireName(), command.asked().idempotencyKey(), result, error));
    }

    /** In the words of a command that ended, so that every page can show it. */
    private void refuse(DesktopCommand command, String error) {
        told.accept(new CommandStatus(
                UUID.randomUUID().toString(),
                CommandState.FAILED.wireName(),
                command.idempotencyKey(),
                null,
                error.substring(0, Math.min(error.length(), CommandOutcome.MAX_ERROR_CHARS))));
    }
}
