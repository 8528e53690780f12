package io.quickdrop.relay.desktop.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.StopCapture;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StopStream;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand walks of a {@link PullLink} from one seed each: facts in any order, late ones and such as can't be. After each
 * the promises are looked at; and each protection, switched off, turns some walk red.
 */
class PullWalkTest {
    private static final long WALKS = 10_000;

    /** Something that takes a fact: the machine, or one that is altered. */
    private interface Machine {
        List<PullOutput> handle(PullLink link, PullInput input, Instant now);
    }

    @Test
    void noOrderOfFactsBreaksAPromise() {
        long deliveries = 0;
        long connections = 0;
        for (long seed = 1; seed <= WALKS; seed++) {
            Walk walk = new Walk(seed, PullLink::handle);
            walk.run();
            deliveries += walk.deliveries;
            connections += walk.connections;
        }
        System.out.printf("%,d walks: %,d connections, %,d pictures delivered%n", WALKS, connections, deliveries);
        assertThat(deliveries).isGreaterThan(WALKS);
        assertThat(connections).isGreaterThan(WALKS);
    }

    @Test
    void aConnectionThatOpensLateMustBeClosed() {
        assertRed(
                "open at once|is left open",
                (link, input, now) -> without(
                        link.handle(input, now),
                        order -> order instanceof PullOutput.Disconnect d
                                && d.reason().equals("too late")));
    }

    @Test
    void generationsMustBeToldApart() {
        assertRed(
                "of connection",
                (link, input, now) -> link.handle(
                        input instanceof PullInput.FrameCame came
                                ? new PullInput.FrameCame(newest.getOrDefault(link, 0L), came.frame())
                                : input,
                        now));
    }

    @Test
    void anOlderRegistrationMustNotBeDelivered() {
        assertRed("behind", (link, input, now) -> {
            if (!(input instanceof PullInput.FrameCame came)) {
                return link.handle(input, now);
            }
            PullInput asNewest = new PullInput.FrameCame(came.generation(), PullLinkTest.frame(link.epoch(), 1));
            List<PullOutput> orders = new ArrayList<>(link.handle(asNewest, now));
            orders.replaceAll(
                    order -> order instanceof PullOutput.Deliver ? new PullOutput.Deliver(came.frame()) : order);
            return orders;
        });
    }

    @Test
    void aConnectionThatNobodyNeedsMustBeClosed() {
        assertRed(
                "nobody looks",
                (link, input, now) -> without(
                        link.handle(input, now),
                        order -> order instanceof PullOutput.Disconnect d
                                && d.reason().startsWith("nobody")));
    }

    @Test
    void theWayBackMustBeTried() {
        assertRed(
                "nothing is tried|nobody looks",
                (link, input, now) ->
                        input instanceof PullInput.Tick && link.origin().isPresent()
                                ? List.of()
                                : link.handle(input, now));
    }

    /** Of the mutant that takes every connection for the newest. */
    private final Map<PullLink, Long> newest = new HashMap<>();

    private static List<PullOutput> without(List<PullOutput> orders, java.util.function.Predicate<PullOutput> which) {
        return orders.stream().filter(which.negate()).toList();
    }

    private void assertRed(String promise, Machine mutant) {
        for (long seed = 1; seed <= 400; seed++) {
            newest.clear();
            try {
                new Walk(seed, mutant).run();
            } catch (AssertionError red) {
                assertThat(red).hasMessageContaining("seed " + seed);
                assertThat(String.valueOf(red.getCause())).containsPattern(promise);
                return;
            }
        }
        fail("400 walks stayed green");
    }

    private final class Walk {
        private final long seed;
        private final Machine machine;
        private final SplittableRandom random;
        private final PullLink link = new PullLink("desk", PullConfig.defaults());
        private final Set<Long> dialing = new HashSet<>();
        private final Set<Long> open = new HashSet<>();
        private final Set<Long> told = new HashSet<>();
        private final Set<Long> asked = new HashSet<>();
        private Instant now = Instant.ofEpochSecond(1_000);
        private Instant unwanted = now;
        private boolean wanted;
        private boolean elsewhere;
        private long lastGeneration;
        private long shown;
        private long storeEpoch = 1;
        long deliveries;
        long connections;

        Walk(long seed, Machine machine) {
            this.seed = seed;
            this.machine = machine;
            this.random = new SplittableRandom(seed);
        }

        void run() {
            try {
                for (int i = 0; i < 120; i++) {
                    step();
                }
                end();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }

        private void step() {
            now = now.plusMillis(random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(20));
            switch (random.nextInt(18)) {
                case 0 -> {
                    storeEpoch += random.nextInt(2);
                    elsewhere = true;
                    give(new PullInput.IsAt(
                            "abc".substring(random.nextInt(3)).substring(0, 1), storeEpoch - random.nextInt(2)));
                }
                case 1 -> {
                    if (random.nextInt(3) == 0) {
                        give(new PullInput.IsNowhere());
                    }
                }
                case 2 -> look(true);
                case 3 -> look(random.nextInt(4) > 0);
                case 4, 5 -> openOne();
                case 6 -> closeOne();
                case 7, 8, 10, 11 ->
                    any(open, generation -> {
                        if (asked.contains(generation)) {
                            give(new PullInput.Said(
                                    generation,
                                    new StreamStarted(
                                            "desk", 0, 0, 1, Math.max(1, storeEpoch - random.nextInt(2)), 64, 64)));
                        }
                    });
                case 9 ->
                    any(
                            open,
                            generation -> give(new PullInput.Said(
                                    generation,
                                    random.nextBoolean()
                                            ? LinkMessage.Problem.of(ErrorReason.DESKTOP_OFFLINE, "no")
                                            : new StreamStopped("desk", 0, 0, StreamStopped.DESKTOP_GONE))));
                default -> any(everOpened(), generation -> frame(generation));
            }
            tickIfDue();
        }

        private Set<Long> everOpened() {
            Set<Long> all = new HashSet<>(open);
            all.addAll(told);
            return all;
        }

        /** Pictures that were on their way come behind everything, also on a connection that was told to close. */
        private void frame(long generation) {
            long epoch = Math.max(1, storeEpoch - Math.max(0, random.nextInt(5) - 2));
            List<PullOutput> orders = give(new PullInput.FrameCame(generation, PullLinkTest.frame(epoch, 1)));
            for (PullOutput order : orders) {
                if (order instanceof PullOutput.Deliver) {
                    check(
                            generation == lastGeneration && open.contains(generation),
                            "a picture of connection " + generation + " was delivered");
                    check(epoch >= shown, "a picture of epoch " + epoch + " came behind one of " + shown);
                    shown = Math.max(shown, epoch);
                    deliveries++;
                }
            }
        }

        private void openOne() {
            any(dialing, generation -> {
                dialing.remove(generation);
                open.add(generation);
                connections++;
                give(new PullInput.Opened(generation));
                if (told.contains(generation)) {
                    check(!open.contains(generation), "connection " + generation + " was given up and is left open");
                }
            });
        }

        private void closeOne() {
            Set<Long> all = new HashSet<>(open);
            all.addAll(dialing);
            any(all, generation -> {
                open.remove(generation);
                dialing.remove(generation);
                asked.remove(generation);
                give(new PullInput.Closed(generation, random.nextDouble()));
            });
        }

        private void look(boolean looks) {
            if (looks != wanted && !looks) {
                unwanted = now;
            }
            wanted = looks;
            give(new PullInput.RoomSaid(
                    looks
                            ? new StartCapture(List.of(new ScreenWish(0, List.of(0))), 20, 75, "jpeg")
                            : new StopCapture()));
            give(new PullInput.RoomSaid(new ViewerReport(looks ? 1 : 0, looks ? 1 : 0, null, List.of())));
        }

        private void tickIfDue() {
            for (int i = 0; i < 3; i++) {
                Instant at = link.deadline().orElse(Instant.MAX);
                if (!at.isAfter(now)) {
                    give(new PullInput.Tick());
                }
            }
        }

        private List<PullOutput> give(PullInput input) {
            newest.put(link, lastGeneration);
            List<PullOutput> orders = machine.handle(link, input, now);
            for (PullOutput order : orders) {
                if (order instanceof PullOutput.Connect connect) {
                    check(connect.generation() > lastGeneration, "generation " + connect.generation() + " came twice");
                    lastGeneration = connect.generation();
                    dialing.add(connect.generation());
                } else if (order instanceof PullOutput.Disconnect disconnect) {
                    told.add(disconnect.generation());
                    open.remove(disconnect.generation()); // one that is being dialled may open all the same
                } else if (order instanceof PullOutput.Send send) {
                    check(
                            open.contains(send.generation()),
                            "something was sent on " + send.generation() + ", which is not open");
                    if (send.message() instanceof StartStream) {
                        asked.add(send.generation());
                    } else if (send.message() instanceof StopStream) {
                        asked.remove(send.generation());
                    }
                } else if (order instanceof PullOutput.Came came) {
                    check(came.epoch() >= shown, "epoch " + came.epoch() + " came behind " + shown);
                }
            }
            check(open.size() <= 1, open.size() + " connections are open at once");
            return orders;
        }

        /** All is well: a desktop, somebody who looks; then nobody. */
        private void end() {
            storeEpoch++;
            give(new PullInput.IsAt("a", storeEpoch));
            look(true);
            for (int i = 0; i < 40 && open.isEmpty(); i++) {
                now = now.plusSeconds(1);
                tickIfDue();
                if (dialing.contains(lastGeneration) && !told.contains(lastGeneration)) {
                    dialing.remove(lastGeneration);
                    open.add(lastGeneration);
                    give(new PullInput.Opened(lastGeneration));
                }
            }
            check(open.size() == 1 && asked.containsAll(open), "somebody looks, and nothing is tried");
            look(false);
            Instant until = now.plus(Duration.ofSeconds(20));
            while (now.isBefore(until)) {
                now = now.plusSeconds(1);
                tickIfDue();
            }
            check(open.isEmpty(), "nobody looks since " + unwanted + ", and connections are open: " + open);
            check(elsewhere || link.origin().isPresent(), "the desktop is nowhere");
        }

        private void any(Set<Long> of, java.util.function.LongConsumer action) {
            if (!of.isEmpty()) {
                List<Long> sorted = of.stream().sorted().toList();
                action.accept(sorted.get(random.nextInt(sorted.size())));
            }
        }

        private void check(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }
}
