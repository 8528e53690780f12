package io.quickdrop.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One server of the demo, in a process of its own; may be killed and started again. */
final class Instance implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern TOKEN = Pattern.compile("#token=(\\S+)");
    private static final Pattern AGENT = Pattern.compile("quickdrop agent (--server .*)$");

    private final String name;
    private final int port;
    private final Path folder;
    private final String database;
    private final Undertaker undertaker;
    private final AtomicReference<@Nullable Child> child = new AtomicReference<>();
    private volatile String token = "";
    private volatile List<String> agentOptions = List.of();

    /** Not started yet. */
    Instance(String name, int port, Path folder, String database, Undertaker undertaker) {
        this.name = name;
        this.port = port;
        this.folder = folder;
        this.database = database;
        this.undertaker = undertaker;
    }

    /** Starts it, and waits until it serves. */
    void start() throws Trouble, InterruptedException {
        List<String> command = Child.java("-Xmx256m", "io.quickdrop.server.Main");
        command.addAll(List.of("server", "--local-only", "--port", String.valueOf(port), "--instance", name));
        command.addAll(List.of("--out", folder.resolve("recordings-" + name).toString()));
        command.addAll(List.of("--data", folder.resolve("data-" + name).toString()));
        Map<String, String> environment = Map.of("QUICKDROP_DATABASE", database); // other users don't see it there
        Child started = new Child("instance " + name, folder.resolve(name + ".log"), command, environment, line -> {});
        child.set(started);
        undertaker.process(started.pid());
        token = started.await(TOKEN, PATIENCE);
        agentOptions = List.of(started.await(AGENT, PATIENCE).strip().split(" +", -1));
    }

    String name() {
        return name;
    }

    String url() {
        return "https://localhost:" + port;
    }

    /** One for all instances. */
    String operatorToken() {
        return token;
    }

    /** What lets a desktop in for the first time. */
    List<String> agentOptions() {
        return agentOptions;
    }

    long pid() {
        Child running = child.get();
        return running == null ? 0 : running.pid();
    }

    boolean isAlive() {
        Child running = child.get();
        return running != null && running.isAlive();
    }

    @Override
    public void close() {
        Child running = child.getAndSet(null);
        if (running != null) {
            running.close();
        }
    }
}
