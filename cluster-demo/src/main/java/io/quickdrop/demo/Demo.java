package io.quickdrop.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One run of the demo: starts everything, says what to look at, and then follows what happens until it is ended. */
final class Demo implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String[] NAMES = {"one", "two", "three", "four", "five"};
    /** What an agent says once it is registered. */
    private static final Pattern REGISTERED = Pattern.compile("(registered|nobody is watching|live)");

    private final PrintStream out = System.out;
    private final @Nullable Path given;
    private final int firstPort;
    private final int count;
    private final boolean virtualScreen;
    /** What is to be closed, the last first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final List<Instance> instances = new ArrayList<>();
    private int step;
    private boolean agentEnded;
    private boolean closed;

    /** @param folder null for a temporary one */
    Demo(@Nullable Path folder, int firstPort, int count, boolean virtualScreen) {
        this.given = folder;
        this.firstPort = firstPort;
        this.count = count;
        this.virtualScreen = virtualScreen;
    }

    /** Runs until this process is told to end. */
    void run() throws Trouble, InterruptedException {
        Thread farewell = new Thread(this::close, "farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        Child agent = begin();
        listenForEnter();
        Set<Instance> gone = new HashSet<>();
        while (true) {
            TimeUnit.MILLISECONDS.sleep(300);
            follow(agent);
            for (Instance instance : instances) {
                if (instance.isAlive()) {
                    gone.remove(instance);
                } else if (gone.add(instance)) {
                    say("");
                    say("  Instance " + instance.name() + " has ended. Enter starts it again.");
                }
            }
        }
    }

    private Child begin() throws Trouble, InterruptedException {
        Path folder = folder();
        Undertaker undertaker = new Undertaker(given == null ? folder : null);
        checkPorts();
        Screen screen = keep(Screen.open(folder, virtualScreen));
        screen.pids().forEach(undertaker::process);

        step("PostgreSQL");
        Database database = keep(Database.start(folder));
        undertaker.database(database.pid());
        done("process " + database.pid());
        for (int i = 0; i < count; i++) {
            Instance instance = keep(new Instance(NAMES[i], firstPort + i, folder, database.url(), undertaker));
            instances.add(instance);
            step("instance " + instance.name());
            instance.start();
            done(instance.url() + ", process " + instance.pid());
        }
        step("desktop, showing " + screen.words());
        Child agent = keep(agent(folder, screen));
        undertaker.process(agent.pid());
        agent.await(REGISTERED, PATIENCE);
        done("registered at instance " + instances.get(0).name() + ", process " + agent.pid());
        tell(folder);
        return agent;
    }

    private Path folder() throws Trouble {
        try {
            return given == null
                    ? Files.createTempDirectory("quickdrop-cluster")
                    : Files.createDirectories(given.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new Trouble("the folder " + given + " can't be made", e);
        }
    }

    private void checkPorts() throws Trouble {
        for (int port = firstPort; port < firstPort + count; port++) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress((InetAddress) null, port));
            } catch (IOException e) {
                throw new Trouble("port " + port + " is taken; name another with --port", e);
            }
        }
    }

    private Child agent(Path folder, Screen screen) throws Trouble {
        List<String> command = Child.java("-Xmx256m", "io.quickdrop.agent.Main");
        command.addAll(instances.get(0).agentOptions());
        command.addAll(List.of("--id", "demo-desktop", "--name", "Demo desktop"));
        command.addAll(List.of("--home", folder.resolve("desktop").toString()));
        return new Child(
                "the desktop", folder.resolve("desktop.log"), command, screen.environment(), this::desktopSays);
    }

    private void desktopSays(String line) {
        boolean watched = line.endsWith(" watching") && !line.startsWith("ready");
        if (watched || line.startsWith("Goes on at")) {
            say("  Desktop: " + line);
        }
    }

    /** Nothing is shown any more then, whatever the instances do. */
    private void follow(Child agent) {
        if (!agent.isAlive() && !agentEnded) {
            agentEnded = true;
            say("");
            say("  The desktop has ended; why, its log says.");
        }
    }

    private void tell(Path folder) {
        Instance home = instances.get(0);
        Instance other = instances.get(1);
        say("");
        say("The desktop is registered at instance " + home.name() + ". See it on instance " + other.name() + ":");
        say("");
        say("    " + other.url() + "/watch#token=" + other.operatorToken());
        say("");
        say("Your browser warns once for each instance: this computer made their certificates. Then try");
        say("");
        say("    the dashboard of any instance        " + other.url() + "/   (all of them are on it)");
        say("    a phone that records to one of them  " + home.url() + "/   and see it on the other's dashboard");
        say("    kill the instance with the desktop   " + killLine(home.pid()));
        say("      the desktop goes on at " + other.name() + " within seconds, and so does the picture; Enter starts "
                + home.name() + " again");
        say("");
        say("Logs lie in " + folder + (given == null ? ", until the end" : "") + ". Ctrl-C stops all of it.");
    }

    private static String killLine(long pid) {
        return System.getProperty("os.name", "").startsWith("Windows") ? "taskkill /F /PID " + pid : "kill -9 " + pid;
    }

    /** A daemon thread: it waits for Enter as long as the process lives. */
    private void listenForEnter() {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader in =
                            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))) {
                        while (in.readLine() != null) {
                            startThoseThatEnded();
                        }
                    } catch (IOException noTerminal) {
                        // then nobody presses Enter
                    }
                },
                "enter-starts-again");
        reader.setDaemon(true);
        reader.start();
    }

    private void startThoseThatEnded() {
        for (Instance instance : instances) {
            if (instance.isAlive()) {
                continue;
            }
            try {
                instance.start();
                say("  Instance " + instance.name() + " is back: " + instance.url() + ", process " + instance.pid());
            } catch (Trouble e) {
                say("  " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void step(String what) {
        step++;
        out.printf("  %d of %d  %s … ", step, count + 2, what);
        out.flush();
    }

    private void done(String words) {
        say(words);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private synchronized <T extends AutoCloseable> T keep(T thing) {
        if (closed) {
            end(thing);
        } else {
            started.push(thing);
        }
        return thing;
    }

    /** Ends everything, the last started first; a temporary folder is removed when this process has ended. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        started.forEach(Demo::end);
        started.clear();
    }

    private static void end(AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception e) {
            System.err.println("quickdrop cluster-demo: " + thing + " did not end in order: " + e.getMessage());
        }
    }
}
