package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.recordings.Servers.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Stores of several servers on one catalogue, in one process; a test says who lives. */
final class TwoServers implements AutoCloseable {
    static final String A = "server-a";
    static final String B = "server-b";

    final Catalogue catalogue;
    private final Path folder;
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final List<FileRecordingStore> stores = new ArrayList<>();
    Instant now = Instant.parse("2026-11-22T14:03:09Z");

    /** @param catalogue is this one's to close */
    TwoServers(Path folder, Catalogue catalogue) {
        this.folder = folder;
        this.catalogue = catalogue;
    }

    /** Starts a server that shares the output folder of that name with others. */
    FileRecordingStore start(String instance, String output) throws StorageException, IOException {
        return start(instance, output, true);
    }

    FileRecordingStore start(String instance, String output, boolean shared) throws StorageException, IOException {
        return start(instance, output, shared, new LocalDisk());
    }

    FileRecordingStore start(String instance, String output, boolean shared, Disk disk)
            throws StorageException, IOException {
        Path data = Files.createDirectories(folder.resolve("data-" + instance));
        StoreSettings settings = new StoreSettings(folder.resolve(output), data, 0, Duration.ofMinutes(10))
                .of(new StoreSettings.Membership(instance, shared, () -> List.copyOf(servers.values())), data);
        FileRecordingStore store = new FileRecordingStore(settings, catalogue, TestStore::name, () -> now, disk);
        stores.add(store);
        servers.put(instance, server(instance, store.place().storage(), true));
        return store;
    }

    /** The others take it for dead; its process goes on as if it had slept. */
    void declareDead(String instance) {
        servers.computeIfPresent(instance, (id, server) -> server(id, server.storage(), false));
    }

    void comesBack(String instance) {
        servers.computeIfPresent(instance, (id, server) -> server(id, server.storage(), true));
    }

    private static Server server(String instance, String storage, boolean alive) {
        return new Server(instance, "name of " + instance, "https://" + instance + ":8443", storage, alive);
    }

    Path output(String output) {
        return folder.resolve(output);
    }

    List<String> partFiles(String output) throws IOException {
        return names(output(output).resolve(".quickdrop/incoming"));
    }

    List<String> finalNames(String output) throws IOException {
        return names(output(output)).stream()
                .filter(name -> !name.startsWith("."))
                .toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() throws StorageException {
        for (FileRecordingStore store : stores) {
            store.close();
        }
        catalogue.close();
    }
}
