package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.relay.driver.Generation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link DesktopRegistry} keeps to. Extend it with your registry; all of its facts have to hold. */
@Timeout(60)
public abstract class DesktopRegistryContract {
    /** An empty registry, or the same one again where {@link #reopened} says so. */
    protected abstract DesktopRegistry registry() throws Exception;

    /** The registry as it is after a restart; the same one where nothing outlives the process. */
    protected abstract DesktopRegistry reopened() throws Exception;

    /** What another live instance of the server has on the same store. */
    protected abstract DesktopRegistry another() throws Exception;

    /** Lets the registry's clock go on by a millisecond at least. */
    protected abstract void timePasses() throws Exception;

    /** For subclasses. */
    protected DesktopRegistryContract() {}

    @Test
    public void epochsBeginAtOneAndGrowForEachDesktop() throws Exception {
        DesktopRegistry registry = registry();
        assertThat(registry.register(desktop("a", null), Generation.V2)).isEqualTo(1);
        assertThat(registry.register(desktop("b", null), Generation.V2)).isEqualTo(1);
        assertThat(registry.register(desktop("a", null), Generation.V2)).isEqualTo(2);
    }

    @Test
    public void epochsGoOnBehindARestart() throws Exception {
        long before = registry().register(desktop("a", null), Generation.V2);
        assertThat(reopened().register(desktop("a", null), Generation.V2)).isGreaterThan(before);
    }

    @Test
    public void epochsGoOnBehindARemoval() throws Exception {
        DesktopRegistry registry = registry();
        long before = registry.register(desktop("a", null), Generation.V2);
        assertThat(registry.remove("a")).isTrue();
        assertThat(registry.register(desktop("a", null), Generation.V2)).isGreaterThan(before);
    }

    @Test
    public void whatADesktopSaidLastIsListedWhole() throws Exception {
        DesktopRegistry registry = registry();
        registry.register(desktop("a", "old"), Generation.V1);
        ClientInfo said = desktop("a", "Studio ⌘");
        long epoch = registry.register(said, Generation.V2);
        for (DesktopRegistry open : List.of(registry, reopened())) {
            assertThat(open.list()).singleElement().satisfies(listed -> {
                assertThat(listed.info()).isEqualTo(said);
                assertThat(listed.generation()).isEqualTo(Generation.V2);
                assertThat(listed.epoch()).isEqualTo(epoch);
            });
        }
    }

    @Test
    public void desktopsAreListedByName() throws Exception {
        DesktopRegistry registry = registry();
        registry.register(desktop("1", "Zoo"), Generation.V2);
        registry.register(desktop("2", "Attic"), Generation.V2);
        registry.register(desktop("Middle", null), Generation.V2);
        assertThat(registry.list())
                .extracting(listed -> listed.info().clientId())
                .containsExactly("2", "Middle", "1");
    }

    @Test
    public void aSightingIsStoredForAllThatAreThisInstances() throws Exception {
        DesktopRegistry registry = registry();
        long a = registry.register(desktop("a", null), Generation.V2);
        long b = registry.register(desktop("b", null), Generation.V2);
        Map<String, Instant> before = lastSeen(registry);
        timePasses();
        assertThat(registry.seen(Map.of("a", a, "b", b))).isEmpty();
        assertThat(lastSeen(registry).get("a")).isAfter(before.get("a"));
        assertThat(lastSeen(registry).get("b")).isAfter(before.get("b"));
    }

    @Test
    public void moreThanFitIntoOneStatementAreSeen() throws Exception {
        DesktopRegistry registry = registry();
        Map<String, Long> epochs = new HashMap<>();
        for (int i = 0; i < 700; i++) {
            epochs.put("many-" + i, registry.register(desktop("many-" + i, null), Generation.V2));
        }
        epochs.put("many-1", 7L);
        epochs.put("many-699", 8L);
        assertThat(registry.seen(epochs)).containsExactlyInAnyOrder("many-1", "many-699");
        assertThat(registry.seen(Map.of())).isEmpty();
    }

    @Test
    public void aLateSightingOfAnOlderRegistrationIsFencedAndChangesNothing() throws Exception {
        DesktopRegistry registry = registry();
        long old = registry.register(desktop("a", null), Generation.V2);
        long now = registry.register(desktop("a", null), Generation.V2);
        Map<String, Instant> before = lastSeen(registry);
        timePasses();
        assertThat(registry.seen(Map.of("a", old))).containsExactly("a");
        registry.left("a", old);
        assertThat(lastSeen(registry)).isEqualTo(before);
        assertThat(owner(registry)).isNotNull();
        assertThat(registry.seen(Map.of("a", now))).isEmpty();
    }

    @Test
    public void aDesktopIsWhereItRegisteredLast() throws Exception {
        DesktopRegistry here = registry();
        DesktopRegistry there = another();
        long first = here.register(desktop("a", null), Generation.V2);
        String owner = owner(there);
        assertThat(owner).isNotNull().isEqualTo(owner(here));
        long second = there.register(desktop("a", null), Generation.V2);
        assertThat(second).isGreaterThan(first);
        assertThat(owner(here)).isNotNull().isNotEqualTo(owner).isEqualTo(owner(there));
    }

    @Test
    public void whoLostADesktopToAnotherIsFencedAndTakesNothingBack() throws Exception {
        DesktopRegistry here = registry();
        DesktopRegistry there = another();
        long first = here.register(desktop("a", null), Generation.V2);
        long second = there.register(desktop("a", null), Generation.V2);
        String owner = owner(there);
        assertThat(here.seen(Map.of("a", first))).containsExactly("a");
        assertThat(here.seen(Map.of("a", second)))
                .as("an epoch alone makes nobody the owner")
                .containsExactly("a");
        here.left("a", first);
        here.left("a", second);
        assertThat(owner(here)).isEqualTo(owner);
        assertThat(there.seen(Map.of("a", second))).isEmpty();
    }

    @Test
    public void aDesktopThatLeftIsOfflineAndWasSeenUntilThen() throws Exception {
        DesktopRegistry registry = registry();
        long epoch = registry.register(desktop("a", null), Generation.V2);
        Map<String, Instant> before = lastSeen(registry);
        timePasses();
        registry.left("a", epoch);
        assertThat(owner(registry)).isNull();
        assertThat(owner(another())).isNull();
        assertThat(lastSeen(registry).get("a")).isAfter(before.get("a"));
        assertThat(registry.seen(Map.of("a", epoch)))
                .as("one that left is not brought back by a late sighting")
                .containsExactly("a");
        assertThat(registry.register(desktop("a", null), Generation.V2)).isGreaterThan(epoch);
        assertThat(owner(registry)).isNotNull();
    }

    @Test
    public void oneThatIsUnknownIsFenced() throws Exception {
        assertThat(registry().seen(Map.of("nobody", 1L))).containsExactly("nobody");
        registry().left("nobody", 1);
        assertThat(registry().list()).isEmpty();
    }

    @Test
    public void aRemovedDesktopIsGone() throws Exception {
        DesktopRegistry registry = registry();
        registry.register(desktop("a", null), Generation.V2);
        assertThat(registry.remove("a")).isTrue();
        assertThat(registry.remove("a")).isFalse();
        assertThat(registry.seen(Map.of("a", 1L))).containsExactly("a");
        assertThat(registry.list()).isEmpty();
        assertThat(reopened().list()).isEmpty();
    }

    @Test
    public void manyThreadsNeverGetOneEpochTwice() throws Exception {
        DesktopRegistry registry = registry();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> {
                    List<Long> own = new ArrayList<>();
                    for (int j = 0; j < 25; j++) {
                        own.add(registry.register(desktop("a", null), Generation.V2));
                    }
                    return own;
                }));
            }
            List<Long> epochs = new ArrayList<>();
            for (Future<List<Long>> own : all) {
                assertThat(own.get()).isSorted();
                epochs.addAll(own.get());
            }
            assertThat(epochs).doesNotHaveDuplicates().hasSize(100);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, Instant> lastSeen(DesktopRegistry registry) throws Exception {
        Map<String, Instant> seen = new HashMap<>();
        registry.list().forEach(listed -> seen.put(listed.info().clientId(), listed.lastSeen()));
        return seen;
    }

    private static @Nullable String owner(DesktopRegistry registry) throws Exception {
        List<DesktopRegistry.Registered> all = registry.list();
        assertThat(all).hasSize(1);
        return all.get(0).owner();
    }

    private static ClientInfo desktop(String clientId, @Nullable String name) {
        return new ClientInfo(
                ClientInfo.DESKTOP,
                clientId,
                name,
                "host-" + clientId,
                List.of(
                        new Monitor(0, "HDMI-1", 0, 0, 1920, 1080, true),
                        new Monitor(1, "DP-2", 1920, -200, 1280, 1024, false)),
                List.of("jpeg", "png"),
                List.of("screenshot"));
    }
}
