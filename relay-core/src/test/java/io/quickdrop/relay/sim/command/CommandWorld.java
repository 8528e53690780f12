package io.quickdrop.relay.sim.command;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.desktop.command.CommandState;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.agent.CommandJournal;
import io.quickdrop.relay.driver.agent.Credentials;
import io.quickdrop.relay.driver.agent.Desktop;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.agent.ScreenshotReply;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.command.CommandStore;
import io.quickdrop.relay.driver.command.InMemoryCommandStore;
import io.quickdrop.relay.driver.command.InMemoryCommandStore.Registration;
import io.quickdrop.relay.driver.desktop.InMemoryDesktopRegistry;
import io.quickdrop.relay.link.Backoff;
import io.quickdrop.relay.link.Reconnector;
import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Two instances of the server, one store, one desktop, and people who have it do things: each command is a screenshot of a
 * screen of its own, so that what was executed can be counted. Then everything fails, again and again, and at last it is quiet:
 * every command must have ended, none may have run twice, and none that is called expired may have run at all.
 */
final class CommandWorld {
    static final int COMMANDS = 120;
    private static final double CHAOS_MILLIS = 240_000;
    /** Expiry, grace for the answer, grace behind an outage, and a reserve. */
    private static final double QUIET_MILLIS = 400_000;

    /** What fails in a world. */
    record Weather(boolean owners, boolean agents, boolean store, boolean links) {
        static final Weather FINE = new Weather(false, false, false, false);
        static final Weather EVERYTHING = new Weather(true, true, true, true);
        static final Weather NOT_THE_AGENT = new Weather(true, false, true, true);
    }

    /** Parts that a mutant replaces. */
    record Parts(UnaryOperator<CommandStore> store, UnaryOperator<CommandJournal> journal) {
        static final Parts REAL = new Parts(UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** One that was asked for, and how often it ran. */
    private static final class Asked {
        final String commandId;
        boolean stored;
        int ran;
        final Map<SimulatedInstance, CommandState> told = new HashMap<>();

        Asked(String commandId) {
            this.commandId = commandId;
        }
    }

    private final SplittableRandom random;
    private final Weather weather;
    private final VirtualTime time;
    private final InMemoryDesktopRegistry registry;
    private final InMemoryCommandStore rows;
    private final FailingStore store;
    private final CommandStore seen;
    private final CommandJournal journal;
    private final SimulatedInstance[] instances = new SimulatedInstance[2];
    private final List<Asked> asked = new ArrayList<>();
    private SimulatedProcess agent;
    private boolean calm;
    int kills;

    CommandWorld(long seed, Weather weather, Parts parts) {
        random = new SplittableRandom(seed);
        this.weather = weather;
        time = new VirtualTime(random.split());
        registry = new InMemoryDesktopRegistry("0", time::now);
        rows = new InMemoryCommandStore(
                clientId -> registry.list().stream()
                        .filter(desktop -> desktop.info().clientId().equals(clientId))
                        .map(desktop -> new Registration(desktop.epoch(), desktop.owner() != null))
                        .findFirst(),
                time::now);
        store = new FailingStore(rows, random.split());
        seen = parts.store().apply(store);
        journal = parts.journal().apply(new LastingJournal(random.split()));
        agent = new SimulatedProcess(time, random.split(), this::storeMillis); // none runs in it yet
    }

    /** Lives through everything, and says what was promised and not kept. */
    List<String> live() throws StorageException {
        startInstance(0);
        startInstance(1);
        startAgent();
        run(5_000);
        for (int i = 0; i < COMMANDS; i++) {
            int number = i;
            time.afterMillis(random.nextDouble() * CHAOS_MILLIS, () -> ask(number));
        }
        time.afterMillis(1_000, this::trouble);
        run(CHAOS_MILLIS);
        calm = true;
        store.down(false);
        for (int i = 0; i < instances.length; i++) {
            if (!instances[i].process.isAlive()) {
                startInstance(i);
            }
        }
        if (!agent.isAlive()) {
            startAgent();
        }
        run(QUIET_MILLIS);
        return broken();
    }

    private double storeMillis() {
        return 1 + random.nextDouble() * 20;
    }

    private void startInstance(int index) {
        SimulatedProcess process = new SimulatedProcess(time, random.split(), this::storeMillis);
        boolean deaf = random.nextInt(4) == 0; // every wake is lost: it still looks once a second
        instances[index] =
                new SimulatedInstance(time, process, registry.asInstance(String.valueOf(index)), seen, rows, deaf);
    }

    private void startAgent() {
        SimulatedProcess process = new SimulatedProcess(time, random.split(), this::storeMillis);
        agent = process;
        process.run(() -> new DesktopAgent(
                new Screens(process),
                new AnyKey(),
                events -> connect(process, events),
                new Reconnector(new Backoff(), Map.of()),
                process,
                PaceBounds.defaults(),
                journal));
    }

    private void connect(SimulatedProcess process, ConnectionEvents events) {
        SimulatedInstance to = instances[random.nextInt(instances.length)];
        double latency = 0.2 + random.nextDouble() * 5;
        time.afterMillis(latency, () -> {
            if (to.process.isAlive()) {
                to.connect(process, latency, events);
            } else {
                process.run(() -> events.closed(1006, "refused"));
            }
        });
    }

    private void ask(int screen) {
        JsonObject data = new JsonObject();
        data.addProperty("screen", screen);
        Duration expiry = random.nextInt(3) == 0
                ? Duration.ofMillis(50 + random.nextInt(20_000))
                : Duration.ofMillis((long) CHAOS_MILLIS);
        Asked one = new Asked("c" + screen);
        asked.add(one);
        NewCommand wish =
                new NewCommand(one.commandId, "desk", NewCommand.SCREENSHOT, data, "k" + screen, expiry, "ada");
        SimulatedInstance through = instances[random.nextInt(instances.length)];
        through.process.storage().execute(() -> {
            through.desktops.commands().watch(one.commandId, command -> one.told.put(through, command.state()));
            try {
                through.desktops.commands().ask(wish);
                one.stored = true;
            } catch (StorageException down) {
                // whether it was stored is unknown, and looked up at the end
            }
        });
    }

    private void trouble() {
        if (calm) {
            return;
        }
        int what = random.nextInt(4);
        SimulatedInstance one = instances[random.nextInt(instances.length)];
        boolean told = random.nextBoolean();
        if (what == 0 && weather.owners && one.process.isAlive()) {
            if (random.nextInt(3) == 0) {
                one.process.freeze(1_000 + random.nextDouble() * 29_000);
            } else {
                kills++;
                one.kill(told);
                int index = one == instances[0] ? 0 : 1;
                time.afterMillis(random.nextDouble() * 8_000, () -> {
                    if (!instances[index].process.isAlive()) {
                        startInstance(index);
                    }
                });
            }
        } else if (what == 1 && weather.agents && agent.isAlive()) {
            kills++;
            agent.kill();
            for (SimulatedInstance instance : instances) {
                instance.cut(told);
            }
            time.afterMillis(random.nextDouble() * 5_000, () -> {
                if (!agent.isAlive()) {
                    startAgent(); // one at a time: a journal has one process
                }
            });
        } else if (what == 2 && weather.store) {
            store.down(true);
            time.afterMillis(random.nextDouble() * 15_000, () -> store.down(false));
        } else if (what == 3 && weather.links) {
            one.cut(told);
        }
        time.afterMillis(500 + random.nextDouble() * 9_000, this::trouble);
    }

    private void run(double millis) {
        boolean[] over = {false};
        time.afterMillis(millis, () -> over[0] = true);
        while (!over[0]) {
            time.step();
        }
    }

    private List<String> broken() throws StorageException {
        List<String> broken = new ArrayList<>();
        for (Asked one : asked) {
            Optional<StoredCommand> found =
                    rows.find(List.of(one.commandId)).stream().findFirst();
            if (found.isEmpty()) {
                if (one.stored || one.ran > 0) {
                    broken.add(one.commandId + " was stored and is gone");
                }
                continue;
            }
            CommandState state = found.get().state();
            String said = one.commandId + " is " + state.wireName() + ", ran " + one.ran + " times, " + found.get();
            if (!state.isEnd()) {
                broken.add("unresolved: " + said);
            }
            if (one.ran > 1) {
                broken.add("twice: " + said);
            }
            if (state == CommandState.EXPIRED && one.ran > 0) {
                broken.add("expired and ran: " + said);
            }
            if (state == CommandState.COMPLETED && one.ran != 1) {
                broken.add("completed without: " + said);
            }
            boolean patient = found.get().asked().expiresIn().toMillis() >= (long) CHAOS_MILLIS;
            if (!weather.agents && patient && state != CommandState.COMPLETED && !isRefused(found.get())) {
                broken.add("lost: " + said);
            }
            one.told.forEach((instance, last) -> {
                boolean alive = instance == instances[0] || instance == instances[1];
                if (alive && last != state) {
                    broken.add("its asker was told " + last + ": " + said);
                }
            });
        }
        return broken;
    }

    /** The agent said that it will not, and why: that is an answer. */
    private static boolean isRefused(StoredCommand command) {
        StoredCommand.Ending ending = command.ending();
        String error = ending == null ? "" : String.valueOf(ending.outcome().error());
        return error.contains("disk is full");
    }

    /** How many ended so. */
    long ended(CommandState state) throws StorageException {
        return rows.find(asked.stream().map(one -> one.commandId).toList()).stream()
                .filter(command -> command.state() == state)
                .count();
    }

    /** A desktop with a screen for each command. */
    private final class Screens implements Desktop {
        private final SimulatedProcess process;

        Screens(SimulatedProcess process) {
            this.process = process;
        }

        @Override
        public ClientInfo info() {
            List<Monitor> monitors = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                monitors.add(new Monitor(i, "s", 0, 0, 8, 8, i == 0));
            }
            return new ClientInfo(
                    ClientInfo.DESKTOP, "desk", null, null, monitors, List.of("jpeg"), List.of("screenshot"));
        }

        @Override
        public void plan(CapturePlan plan) {}

        @Override
        public void screenshot(int screen, ScreenshotReply reply) {
            asked.stream().filter(one -> one.commandId.equals("c" + screen)).forEach(one -> one.ran++);
            double takes = random.nextInt(5) == 0 ? 8_000 * random.nextDouble() : 30;
            byte[] file = new byte[1 + random.nextInt(150_000)];
            time.afterMillis(takes, () -> process.run(() -> reply.taken(8, 8, ByteBuffer.wrap(file))));
        }
    }

    /** Keys are not what is looked at here. */
    private static final class AnyKey implements Credentials {
        @Override
        public byte[] publicKey() {
            return new byte[44];
        }

        @Override
        public byte[] sign(byte[] message) {
            return new byte[64];
        }

        @Override
        public Optional<String> enrolmentCode() {
            return Optional.empty();
        }
    }
}
