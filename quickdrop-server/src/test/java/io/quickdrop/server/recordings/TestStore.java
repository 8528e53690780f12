package io.quickdrop.server.recordings;

import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.recordings.TestDisk.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A file store in a folder of a test, which can crash and come back. */
final class TestStore implements AutoCloseable {
    static final Duration UNDO = Duration.ofMinutes(10);

    final Path output;
    final TestDisk disk = new TestDisk();
    Instant now = Instant.parse("2026-11-22T14:03:09Z");
    Catalogue catalogue;
    FileRecordingStore store;

    TestStore(Path output) throws StorageException {
        this.output = output;
        open();
    }

    static String name(Description description, Instant begun, int taken) {
        return "take" + (taken == 0 ? "" : "-" + (taken + 1)) + "." + description.ext();
    }

    void open() throws StorageException {
        StoreSettings settings = new StoreSettings(output, output.resolve(".quickdrop"), 0, UNDO);
        catalogue = Catalogue.open(settings.data(), disk);
        try {
            store = new FileRecordingStore(settings, catalogue, TestStore::name, () -> now, disk);
        } catch (StorageException e) {
            catalogue.close();
            throw e;
        }
    }

    /** From now on nothing reaches the disk any more, until {@link #restart}. */
    void die() {
        disk.failBy((number, call) -> Verdict.FAILS);
    }

    /** The process ends without another byte reaching the disk, and another begins. */
    FileRecordingStore restart() throws StorageException {
        die();
        close();
        disk.failBy(TestDisk.NONE);
        open();
        return store;
    }

    /** The power goes and comes back: unlike {@link #restart}, what was not forced or synced is gone. */
    FileRecordingStore powerCut() throws StorageException, IOException {
        die();
        close();
        disk.powerCut();
        disk.failBy(TestDisk.NONE);
        open();
        return store;
    }

    /** Names in the output folder, as the user sees them. */
    List<String> finalNames() throws IOException {
        return names(output).stream().filter(name -> !name.startsWith(".")).toList();
    }

    List<String> incomingNames() throws IOException {
        return names(output.resolve(".quickdrop/incoming"));
    }

    List<String> trashNames() throws IOException {
        return names(output.resolve(".quickdrop/trash"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() throws StorageException {
        store.close();
        catalogue.close();
    }
}
