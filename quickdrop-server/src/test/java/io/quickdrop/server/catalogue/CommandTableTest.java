package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandStore;
import io.quickdrop.relay.driver.command.CommandStoreContract;
import io.quickdrop.relay.driver.command.CommandWakes;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract and more, on whichever database. */
abstract class CommandTableTest extends CommandStoreContract {
    private final Map<String, Incarnation> joined = new HashMap<>();
    private Catalogue catalogue;

    abstract Catalogue openCatalogue(Path folder) throws Exception;

    /** One that has the same rows, as another process has it; the same one where that can't be. */
    abstract Catalogue openAnother() throws Exception;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        catalogue = openCatalogue(folder);
    }

    @AfterEach
    void close() throws StorageException {
        catalogue.close();
    }

    final Catalogue catalogue() {
        return catalogue;
    }

    @Override
    protected CommandStore store() throws Exception {
        return table("here");
    }

    @Override
    protected CommandStore another() throws Exception {
        return table("there");
    }

    private CommandStore table(String instance) throws Exception {
        self(instance);
        return new CommandTable(instance.equals("here") ? catalogue : openAnother(), instance);
    }

    @Override
    protected DesktopRegistry desktops() throws Exception {
        return new DesktopTable(catalogue, () -> self("here"));
    }

    @Override
    protected DesktopRegistry desktopsOfAnother() throws Exception {
        return new DesktopTable(openAnother(), () -> self("there"));
    }

    private Incarnation self(String instance) {
        return joined.computeIfAbsent(instance, id -> {
            try {
                return new InstanceTable(catalogue)
                        .join(
                                new InstanceTable.Introduction(id, id, "https://" + id + ":8443", "0".repeat(64), ""),
                                Duration.ofMinutes(10))
                        .orElseThrow();
            } catch (StorageException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** The rows are made older: no test can set the clock of every database. */
    @Override
    protected void pass(Duration time) throws Exception {
        catalogue.write("let time pass", connection -> {
            try (var update = connection.prepareStatement(
                    "UPDATE commands SET created_ts = created_ts - ?, expires_ts = expires_ts - ?,"
                            + " delivered_ts = delivered_ts - ?, ended_ts = ended_ts - ?")) {
                for (int i = 1; i <= 4; i++) {
                    update.setLong(i, time.toMillis());
                }
                return update.executeUpdate();
            }
        });
    }

    @Override
    protected void listen(CommandWakes listener) {
        catalogue.signals().listen(signal -> {
            if (signal.isResync()) {
                listener.lost();
            } else if (signal.topic().equals(CommandTable.PENDING_SIGNAL)) {
                listener.waiting(signal.id());
            } else if (signal.topic().equals(CommandTable.CHANGED_SIGNAL)) {
                listener.changed(signal.id());
            }
        });
    }

    @Test
    void theOldestOfTooManyThatEndedAreForgotten() throws Exception {
        long epoch = register("d");
        catalogue.write("fill", connection -> {
            try (var insert = connection.prepareStatement(
                    """
                    INSERT INTO commands (id, client_id, number, asked_by, command_type, command_data, state, created_ts,
                                          expires_ts, ended_ts)
                    VALUES (?, 'd', ?, '', 'config', '{}', 'expired', 0, 1, ?)
                    """)) {
                for (int i = 1; i <= CommandStore.MAX_KEPT + 5; i++) {
                    insert.setString(1, "old-" + i);
                    insert.setLong(2, i);
                    insert.setLong(3, catalogue.now(connection));
                    insert.addBatch();
                }
                return insert.executeBatch().length;
            }
        });
        store().add(new NewCommand("c", "d", "config", new JsonObject(), null, Duration.ofSeconds(9), "ada"));
        assertThat(store().forget()).isEqualTo(6);
        assertThat(store().forget()).isZero();
        assertThat(store().list("d", 1)).singleElement().satisfies(newest -> assertThat(newest.commandId())
                .isEqualTo("c"));
        store().claim("d", epoch, true);
        assertThat(store().finish("d", epoch, "c", CommandOutcome.completed(null)))
                .isTrue();
    }

    @Test
    void anInstanceThatWasDeclaredDeadClaimsNothing() throws Exception {
        long epoch = register("d");
        store().add(new NewCommand("c", "d", "config", new JsonObject(), null, Duration.ofSeconds(9), "ada"));
        catalogue.write("declare it dead", connection -> {
            try (var update = connection.prepareStatement("UPDATE instances SET left_ts = 1 WHERE id = 'here'")) {
                return update.executeUpdate();
            }
        });
        assertThat(store().claim("d", epoch, true)).isEmpty();
    }
}
