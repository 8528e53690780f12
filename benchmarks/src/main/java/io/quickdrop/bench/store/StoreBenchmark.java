package io.quickdrop.bench.store;

import static io.quickdrop.bench.Medians.median;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.CommandTable;
import io.quickdrop.server.catalogue.DesktopTable;
import io.quickdrop.server.catalogue.Incarnation;
import io.quickdrop.server.catalogue.InstanceTable;
import io.quickdrop.server.catalogue.PostgresSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Registrations, heartbeats and commands in a second, on SQLite and on PostgreSQL, both with every commit on the disk;
 * in turn, round by round, so that both have the machine in the same mood.
 */
public final class StoreBenchmark {
    /** Desktops of one instance, all of which one heartbeat carries. */
    private static final int DESKTOPS = 1_000;

    private final Duration time;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** @param time of each measurement */
    public StoreBenchmark(Duration time) {
        this.time = time;
    }

    private record Row(List<Double> sqlite, List<Double> postgres) {}

    /**
     * Arguments: rounds, by default 5; address of an empty PostgreSQL database, by default one of its own with {@code fsync} on.
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        Path folder = Files.createTempDirectory("store-benchmark-");
        StoreBenchmark benchmark = new StoreBenchmark(Duration.ofSeconds(3));
        try {
            if (arguments.length > 1) {
                benchmark.run(rounds, folder, PostgresSettings.parse(arguments[1], System.getenv()));
            } else {
                try (EmbeddedPostgres own = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("full_page_writes", "on")
                        .start()) {
                    String url = "postgresql://postgres@127.0.0.1:" + own.getPort() + "/postgres";
                    benchmark.run(rounds, folder, PostgresSettings.parse(url, Map.of()));
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        System.out.print(benchmark.report(rounds));
    }

    /**
     * Measures both stores {@code rounds} times in turn, after a warm-up of both.
     *
     * @param folder for SQLite
     * @param postgres an empty database
     */
    public void run(int rounds, Path folder, PostgresSettings postgres) throws Exception {
        try (Catalogue sqlite = Catalogue.open(folder);
                Catalogue cluster = Catalogue.postgres(postgres)) {
            Store one = new Store(sqlite);
            Store other = new Store(cluster);
            for (int round = 0; round <= rounds; round++) {
                if (round == 1) {
                    rows.clear();
                }
                for (int callers : List.of(1, 16)) {
                    both("registrations, " + callers + " at a time", one, other, store -> store.registrations(callers));
                    both("commands, " + callers + " at a time", one, other, store -> store.commands(callers));
                }
                both("desktops in heartbeats of " + DESKTOPS, one, other, Store::heartbeats);
            }
        }
    }

    private interface Measurement {
        double of(Store store) throws Exception;
    }

    private void both(String what, Store sqlite, Store postgres, Measurement measurement) throws Exception {
        Row row = rows.computeIfAbsent(what, key -> new Row(new ArrayList<>(), new ArrayList<>()));
        row.sqlite.add(measurement.of(sqlite));
        row.postgres.add(measurement.of(postgres));
    }

    /** One store, with an instance on it that owns some desktops. */
    private final class Store {
        private final DesktopTable desktops;
        private final CommandTable commands;
        private final Map<String, Long> owned = new HashMap<>();

        Store(Catalogue catalogue) throws StorageException {
            Incarnation self = new InstanceTable(catalogue)
                    .join(
                            new InstanceTable.Introduction("bench", "bench", "https://bench:8443", "0".repeat(64), ""),
                            Duration.ofSeconds(10))
                    .orElseThrow();
            desktops = new DesktopTable(catalogue, () -> self);
            commands = new CommandTable(catalogue, self.instance());
            for (int i = 0; i < DESKTOPS; i++) {
                owned.put("owned-" + i, desktops.register(desktop("owned-" + i), Generation.V2));
            }
        }

        double registrations(int callers) throws Exception {
            return Crowd.perSecond(
                    callers, time, number -> desktops.register(desktop("desktop-" + number % DESKTOPS), Generation.V2));
        }

        /** Whole commands: stored, claimed by the owner, their result stored; three transactions, each with a signal. */
        double commands(int callers) throws Exception {
            return Crowd.perSecond(callers, time, number -> {
                String desktop = "owned-" + number % DESKTOPS;
                long epoch = Objects.requireNonNull(owned.get(desktop));
                String id = UUID.randomUUID().toString();
                commands.add(new NewCommand(
                        id, desktop, "config", new JsonObject(), null, Duration.ofMinutes(1), "the benchmark"));
                commands.claim(desktop, epoch, true);
                if (!commands.finish(desktop, epoch, id, CommandOutcome.completed(null))) {
                    throw new IllegalStateException("a command of the benchmark was not open");
                }
            });
        }

        double heartbeats() throws Exception {
            double calls = Crowd.perSecond(1, time, number -> {
                if (!desktops.seen(owned).isEmpty()) {
                    throw new IllegalStateException("a desktop of the benchmark has another owner");
                }
            });
            return calls * DESKTOPS;
        }
    }

    private static ClientInfo desktop(String id) {
        return new ClientInfo(ClientInfo.DESKTOP, id, id, "host", List.of(), List.of("jpeg"), List.of("screenshot"));
    }

    /** Every rate so far, per second; both stores. */
    public List<Double> rates() {
        return rows.values().stream()
                .flatMap(row -> Stream.concat(row.sqlite.stream(), row.postgres.stream()))
                .toList();
    }

    /** Medians of both stores and of the ratios round by round, as a Markdown table. */
    public String report(int rounds) {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "| per second | SQLite | PostgreSQL | ratio |%n|---|---|---|---|%n"));
        rows.forEach((what, row) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %.2f |%n",
                what,
                median(row.sqlite.stream()),
                median(row.postgres.stream()),
                median(Stream.iterate(0, i -> i < row.sqlite.size(), i -> i + 1)
                        .map(i -> row.postgres.get(i) / row.sqlite.get(i))))));
        return table.append("medians of ").append(rounds).append(" rounds\n").toString();
    }
}
