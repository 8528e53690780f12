package io.quickdrop.system.cluster;

import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.peers.Enrolment;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * One server of several, as a process. Others and desktops reach it through {@link #entrance}, whose address it
 * advertises; it reaches the store through {@link #storeLink}. Tests talk to it directly by {@link #door}.
 *
 * <p>For one thread, but the proxies.
 */
final class ClusterInstance implements AutoCloseable {
    private final String name;
    private final CuttingProxy entrance;
    private final CuttingProxy storeLink;
    private final ServerProcess server;

    /**
     * Starts it.
     *
     * @param output where recordings go
     * @param folder for what is its own
     */
    ClusterInstance(String name, Path output, Path folder, PostgresProcess store, String... more) {
        this.name = name;
        Launch launch = Launch.in(output);
        entrance = new CuttingProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), launch.port()));
        storeLink = new CuttingProxy(store.address());
        server = launch.data(folder)
                .with("--database", store.url(storeLink.port()))
                .with("--url", url())
                .with("--instance", name)
                .with(more)
                .jvm("-Xmx192m")
                .start();
    }

    /** For people. */
    String name() {
        return name;
    }

    /** Its process. */
    ServerProcess server() {
        return server;
    }

    /** What it advertises. */
    String url() {
        return "https://localhost:" + entrance.port();
    }

    /** Where others and desktops come in. */
    CuttingProxy entrance() {
        return entrance;
    }

    /** Its way to the store. */
    CuttingProxy storeLink() {
        return storeLink;
    }

    /** Straight to it. */
    Door door() {
        return Door.of(server);
    }

    /** As others reach it: at the address that it advertises. */
    Door publicDoor() {
        return new Door(entrance.address(), server.tls(), "localhost:" + entrance.port());
    }

    /** Whether it has this desktop, as it says itself. */
    boolean owns(String desktop) {
        try {
            return Enrolment.listed(door(), desktop)
                    .filter(found -> found.get("state").getAsString().equals("online") && !found.has("instance"))
                    .isPresent();
        } catch (UncheckedIOException | AssertionError notNow) {
            return false;
        }
    }

    @Override
    public void close() {
        server.close();
        entrance.close();
        storeLink.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
