package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.UploadMessage.Blocks;
import io.quickdrop.protocol.UploadMessage.Compare;
import io.quickdrop.protocol.UploadMessage.End;
import io.quickdrop.protocol.UploadMessage.Progress;
import io.quickdrop.protocol.UploadMessage.Started;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random walks: peers, operator and clock do anything at any moment, the store answers in order but in any way that its
 * contract allows. Every input and every transition of the table has to occur, and the promises have to hold.
 */
class SessionWalkTest {
    private static final int WALKS = 6_000;
    private static final int STEPS = 60;

    private final Set<Class<?>> inputs = new HashSet<>();
    private final Set<String> transitions = new TreeSet<>();

    @Test
    void everyInputAndEveryTransitionOccursAndThePromisesHold() {
        for (long seed = 0; seed < WALKS; seed++) {
            try {
                new Walk(seed).run();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("seed " + seed, broken);
            }
        }
        assertThat(inputs).isEqualTo(leaves(SessionInput.class).collect(Collectors.toSet()));
        assertThat(transitions).isEqualTo(allowedTransitions());
    }

    @Test
    void everyPhaseIsReachableAndLeadsToTheEnd() {
        assertThat(reachableFrom(SessionPhase.NEW)).isEqualTo(EnumSet.allOf(SessionPhase.class));
        for (SessionPhase phase : SessionPhase.values()) {
            assertThat(reachableFrom(phase)).contains(SessionPhase.GONE);
        }
    }

    private static Set<SessionPhase> reachableFrom(SessionPhase first) {
        Set<SessionPhase> reached = EnumSet.of(first);
        Queue<SessionPhase> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            SessionPhase phase = open.remove();
            for (SessionPhase next : SessionPhase.values()) {
                if (phase.mayBecome(next) && reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    private static Set<String> allowedTransitions() {
        Set<String> allowed = new TreeSet<>();
        for (SessionPhase from : SessionPhase.values()) {
            Arrays.stream(SessionPhase.values()).filter(from::mayBecome).forEach(to -> allowed.add(from + " → " + to));
        }
        return allowed;
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        Class<?>[] permitted = type.getPermittedSubclasses();
        return permitted == null ? Stream.of(type) : Arrays.stream(permitted).flatMap(SessionWalkTest::leaves);
    }

    /** One walk, with a store that knows only lengths. */
    private final class Walk {
        private final Random random;
        private final SessionScene scene = new SessionScene();
        private final Queue<SessionOutput.ToStore> orders = new ArrayDeque<>();
        private boolean failed;
        private boolean open;
        private boolean over;
        private boolean whole;
        private long written;
        private long durable;
        private long told;
        private int connections;

        Walk(long seed) {
            random = new Random(seed);
        }

        void run() {
            if (random.nextInt(3) == 0) {
                written = durable = random.nextInt(2) * 30L;
                give(new SessionInput.Restored(
                        "phone", SessionScene.DESCRIPTION, "take.mp4", durable, 0, Duration.ZERO));
            } else if (random.nextInt(10) == 0) {
                whole = random.nextBoolean();
                over = true;
                written = durable = 30;
            }
            for (int step = 0; step < STEPS && scene.session.phase() != SessionPhase.GONE; step++) {
                if (!orders.isEmpty() && random.nextInt(3) > 0) {
                    carryOut(orders.remove());
                } else {
                    somethingHappens();
                }
            }
        }

        private void somethingHappens() {
            OwnerId owner = new OwnerId(Math.max(1, connections - (random.nextInt(5) == 0 ? 1 : 0)));
            boolean v1 = random.nextInt(4) == 0;
            switch (random.nextInt(14)) {
                case 0, 1 -> {
                    connections += random.nextInt(3) > 0 ? 1 : 0;
                    give(new SessionInput.Attached(
                            new OwnerId(Math.max(1, connections)),
                            random.nextInt(20) == 0 ? "thief" : "phone",
                            SessionScene.DESCRIPTION,
                            v1));
                }
                case 2, 3, 4 -> {
                    long from = Math.max(0, written - random.nextInt(8) + random.nextInt(3));
                    String text = "x".repeat(1 + random.nextInt(12));
                    give(new SessionInput.ChunkReceived(owner, Chunk.of(from, SessionScene.bytes(text))));
                }
                case 5 -> give(new SessionInput.RawReceived(owner, SessionScene.bytes("raw"), random.nextBoolean()));
                case 6 ->
                    give(new SessionInput.EndReceived(
                            owner,
                            new End(
                                    SessionScene.ID,
                                    written + random.nextInt(3),
                                    null,
                                    null,
                                    null,
                                    random.nextBoolean())));
                case 7 -> give(new SessionInput.Detached(owner));
                case 8 -> {
                    if (random.nextInt(4) == 0) {
                        give(new SessionInput.AbortReceived(owner));
                    }
                }
                case 9 -> {
                    if (random.nextInt(4) == 0) {
                        give(new SessionInput.KeepRequested());
                    }
                }
                case 10 ->
                    give(new SessionInput.ChunkReceived(
                            owner, Chunk.repairOf(random.nextInt(40), SessionScene.bytes("mended"))));
                case 11 ->
                    give(new SessionInput.CompareReceived(
                            owner, new Compare(SessionScene.ID, random.nextInt(40), random.nextInt(10))));
                default -> {
                    scene.now = scene.now.plus(
                            random.nextInt(20) == 0 ? Duration.ofDays(8) : Duration.ofMillis(random.nextInt(5_000)));
                    give(new SessionInput.Tick());
                }
            }
        }

        private void carryOut(SessionOutput.ToStore order) {
            boolean opens = order instanceof SessionOutput.Open;
            if (opens || order instanceof SessionOutput.Rewind) {
                failed = false;
                written = durable;
            }
            if (failed || (!open && !opens)) {
                return;
            }
            if (random.nextInt(12) == 0) {
                failed = true;
                if (order instanceof SessionOutput.Save && random.nextBoolean()) {
                    durable = written; // it came as far as forcing
                }
                give(new SessionInput.StorageFailed(random.nextBoolean(), null));
            } else if (opens) {
                if (over) {
                    give(new SessionInput.FoundFinished("phone", SessionScene.recording(durable, !whole)));
                } else {
                    open = true;
                    give(new SessionInput.Opened("phone", "take.mp4", durable > 0, durable, 0));
                }
            } else if (order instanceof SessionOutput.Append append) {
                written += append.bytes().remaining();
            } else if (order instanceof SessionOutput.Force) {
                durable = written;
                give(new SessionInput.Forced(durable));
            } else if (order instanceof SessionOutput.Compare compare) {
                assertThat(compare.offset() + compare.bytes().remaining()).isLessThanOrEqualTo(written);
                failed = random.nextInt(8) == 0;
                give(new SessionInput.Compared(!failed));
            } else if (order instanceof SessionOutput.Replace replace) {
                assertThat(replace.offset() + replace.bytes().remaining()).isLessThanOrEqualTo(written);
            } else if (order instanceof SessionOutput.Hash hash) {
                assertThat(hash.offset() + hash.bytes()).isLessThanOrEqualTo(written);
                give(new SessionInput.Hashed(
                        hash.asker(), hash.offset(), hash.bytes(), hash.blockBytes(), hashes(hash)));
            } else if (order instanceof SessionOutput.Rewind) {
                give(new SessionInput.Rewound("take.mp4", durable));
            } else if (order instanceof SessionOutput.Save save) {
                save(save);
            } else if (order instanceof SessionOutput.KeepPartial) {
                durable = written;
                open = false;
                give(new SessionInput.Kept(SessionScene.recording(durable, true)));
            } else if (order instanceof SessionOutput.Discard) {
                open = false;
                give(new SessionInput.Discarded());
            } else {
                throw new AssertionError("order without a case: " + order);
            }
        }

        private List<String> hashes(SessionOutput.Hash hash) {
            return Collections.nCopies((int) Blocks.count(hash.bytes(), hash.blockBytes()), SessionScene.SHA);
        }

        private void save(SessionOutput.Save save) {
            if (save.totalBytes() != written || random.nextInt(4) == 0) {
                give(new SessionInput.Mismatched("differs"));
                return;
            }
            durable = written;
            open = false;
            give(new SessionInput.Kept(SessionScene.recording(durable, false)));
        }

        private void give(SessionInput input) {
            inputs.add(input.getClass());
            SessionPhase before = scene.session.phase();
            for (SessionOutput order : scene.outputs(input)) {
                look(order);
            }
            SessionPhase after = scene.session.phase();
            if (before.mayBecome(after)) {
                transitions.add(before + " → " + after); // else two steps at once
            }
            assertThat(scene.session.durableBytes()).isLessThanOrEqualTo(durable);
        }

        private void look(SessionOutput order) {
            if (order instanceof SessionOutput.ToStore toStore) {
                orders.add(toStore);
            } else if (order instanceof SessionOutput.Send send) {
                long bytes = told;
                if (send.message() instanceof Progress progress) {
                    bytes = progress.bytes();
                } else if (send.message() instanceof Started started) {
                    bytes = started.bytes();
                }
                assertThat(bytes).as("acknowledged").isBetween(told, durable);
                told = bytes;
            }
        }
    }
}
