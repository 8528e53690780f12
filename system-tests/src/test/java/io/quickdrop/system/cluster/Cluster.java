package io.quickdrop.system.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    @Override
    public void close() {
        instances.forEach(ClusterInstance::close);
        store.close();
    }
}
