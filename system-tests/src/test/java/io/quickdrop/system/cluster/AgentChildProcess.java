package io.quickdrop.system.cluster;

import io.quickdrop.system.harness.ChildClassPath;
import io.quickdrop.system.peers.Enrolment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@link AgentChild} as a process that a test kills and starts again on the same folder. What ends by itself is started again
 * as a system's service would be: an agent that finds no store at its start says so and exits.
 *
 * <p>For one thread, and its own that watches. Leaves no process behind, also when the tests' JVM is interrupted.
 */
final class AgentChildProcess implements AutoCloseable {
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "no-desktop-left-behind"));
    }

    private final String clientId;
    private final Path home;
    private final List<String> command = new ArrayList<>();
    private volatile @Nullable Process process;
    private final AtomicInteger restarts = new AtomicInteger();

    /** Enrolled at the first of the instances, where it goes first; started. */
    AgentChildProcess(String clientId, Path home, List<ClusterInstance> servers) {
        this.clientId = clientId;
        this.home = home;
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m"));
        command.addAll(List.of("-cp", ChildClassPath.without("quickdrop-server"), AgentChild.class.getName()));
        command.addAll(List.of(
                clientId,
                home.toString(),
                Enrolment.offer(servers.get(0).door()).code()));
        for (ClusterInstance server : servers) {
            command.add(server.url().replace("https:", "wss:"));
            command.add(Enrolment.offer(server.door()).pin());
        }
        start();
    }

    /** Its name in the records. */
    String clientId() {
        return clientId;
    }

    /** Starts it, without waiting for anything. */
    void start() {
        try {
            Files.createDirectories(home);
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            home.resolve("output").toFile()))
                    .start();
            process = started;
            ALIVE.add(started);
            started.onExit().thenRun(() -> {
                ALIVE.remove(started);
                if (process == started) {
                    restarts.incrementAndGet();
                    start();
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL; returns when it is gone. */
    void kill9() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("it does not run");
        }
        process = null;
        try {
            if (!running.destroyForcibly().waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the agent is still there after 20 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** How often it was started since it had ended by itself. */
    int restarts() {
        return restarts.get();
    }

    /** What it did with commands, over all its lives. */
    List<Witness.Line> witnessed() {
        return Witness.lines(home.resolve(AgentChild.WITNESS));
    }

    /** Everything that it printed. */
    String output() {
        try {
            return Files.readString(home.resolve("output"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            kill9();
        }
    }
}
