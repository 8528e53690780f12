package io.quickdrop.system.cluster;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL and servers on it, each with data, address and ways of its own.
 *
 * <p>For one thread.
 */
final class Cluster implements AutoCloseable {
    private static final List<String> NAMES = List.of("ash", "birch", "cedar");

    private final PostgresProcess store;
    private final List<ClusterInstance> instances = new ArrayList<>();

    private Cluster(PostgresProcess store) {
        this.store = store;
    }

    /** Starts so many, each with an output folder of its own. */
    static Cluster of(int count, Path folder) {
        return of(count, folder, false);
    }

    /** Starts so many that put recordings into the same folder, and know it. */
    static Cluster sharing(int count, Path folder) {
        return of(count, folder, true);
    }

    private static Cluster of(int count, Path folder, boolean shared) {
        Cluster cluster = new Cluster(PostgresProcess.in(folder.resolve("postgres")));
        try {
            for (String name : NAMES.subList(0, count)) {
                Path output = folder.resolve(shared ? "shared" : name);
                String[] more = shared ? new String[] {"--shared-folder"} : new String[0];
                cluster.instances.add(
                        new ClusterInstance(name, output, folder.resolve(name + "-data"), cluster.store, more));
            }
            return cluster;
        } catch (RuntimeException | AssertionError failed) {
            cluster.close();
            throw failed;
        }
    }

    /** What they share. */
    PostgresProcess store() {
        return store;
    }

    /** The n-th, counted from 0. */
    ClusterInstance instance(int n) {
        return instances.get(n);
    }

    /** All. */
    List<ClusterInstance> instances() {
        return List.copyOf(instances);
    }

    /** The instance that lives and has this desktop, as soon as there is one. */
    ClusterInstance owner(String desktop, Duration patience) {
        return await().atMost(patience)
                .until(
                        () -> instances.stream()
                                .filter(instance -> instance.server().isAlive() && instance.owns(desktop))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        instances.forEach(ClusterInstance::close);
        store.close();
    }
}
