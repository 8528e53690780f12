package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.relay.driver.Generation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link DesktopRegistry} keeps to. Extend it with your registry; all of its facts have to hold. */
@Timeout(60)
public abstract class DesktopRegistryContract {
    private static final Instant MONDAY = Instant.ofEpochMilli(1_760_000_000_000L);
    private static final Instant TUESDAY = MONDAY.plusSeconds(86_400);

    /** An empty registry, or the same one again where {@link #reopened} says so. */
    protected abstract DesktopRegistry registry() throws Exception;

    /** The registry as it is after a restart; the same one where nothing outlives the process. */
    protected abstract DesktopRegistry reopened() throws Exception;

    /** For subclasses. */
    protected DesktopRegistryContract() {}

    @Test
    public void epochsBeginAtOneAndGrowForEachDesktop() throws Exception {
        DesktopRegistry registry = registry();
        assertThat(registry.register(desktop("a", null), Generation.V2, MONDAY)).isEqualTo(1);
        assertThat(registry.register(desktop("b", null), Generation.V2, MONDAY)).isEqualTo(1);
        assertThat(registry.register(desktop("a", null), Generation.V2, TUESDAY))
                .isEqualTo(2);
    }

    @Test
    public void epochsGoOnBehindARestart() throws Exception {
        long before = registry().register(desktop("a", null), Generation.V2, MONDAY);
        assertThat(reopened().register(desktop("a", null), Generation.V2, TUESDAY))
                .isGreaterThan(before);
    }

    @Test
    public void epochsGoOnBehindARemoval() throws Exception {
        DesktopRegistry registry = registry();
        long before = registry.register(desktop("a", null), Generation.V2, MONDAY);
        assertThat(registry.remove("a")).isTrue();
        assertThat(registry.register(desktop("a", null), Generation.V2, TUESDAY))
                .isGreaterThan(before);
    }

    @Test
    public void whatADesktopSaidLastIsListedWhole() throws Exception {
        DesktopRegistry registry = registry();
        registry.register(desktop("a", "old"), Generation.V1, MONDAY);
        ClientInfo said = desktop("a", "Studio ⌘");
        long epoch = registry.register(said, Generation.V2, TUESDAY);
        for (DesktopRegistry open : List.of(registry, reopened())) {
            assertThat(open.list()).singleElement().satisfies(listed -> {
                assertThat(listed.info()).isEqualTo(said);
                assertThat(listed.generation()).isEqualTo(Generation.V2);
                assertThat(listed.epoch()).isEqualTo(epoch);
                assertThat(listed.lastSeen()).isEqualTo(TUESDAY);
            });
        }
    }

    @Test
    public void desktopsAreListedByName() throws Exception {
        DesktopRegistry registry = registry();
        registry.register(desktop("1", "Zoo"), Generation.V2, MONDAY);
        registry.register(desktop("2", "Attic"), Generation.V2, MONDAY);
        registry.register(desktop("Middle", null), Generation.V2, MONDAY);
        assertThat(registry.list())
                .extracting(listed -> listed.info().clientId())
                .containsExactly("2", "Middle", "1");
    }

    @Test
    public void aLateSightingOfAnOlderRegistrationChangesNothing() throws Exception {
        DesktopRegistry registry = registry();
        long old = registry.register(desktop("a", null), Generation.V2, MONDAY);
        long now = registry.register(desktop("a", null), Generation.V2, MONDAY);
        registry.seen("a", old, TUESDAY);
        assertThat(registry.list())
                .singleElement()
                .extracting(DesktopRegistry.Registered::lastSeen)
                .isEqualTo(MONDAY);
        registry.seen("a", now, TUESDAY);
        assertThat(registry.list())
                .singleElement()
                .extracting(DesktopRegistry.Registered::lastSeen)
                .isEqualTo(TUESDAY);
    }

    @Test
    public void aRemovedDesktopIsGone() throws Exception {
        DesktopRegistry registry = registry();
        registry.register(desktop("a", null), Generation.V2, MONDAY);
        assertThat(registry.remove("a")).isTrue();
        assertThat(registry.remove("a")).isFalse();
        registry.seen("a", 1, TUESDAY);
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
                        own.add(registry.register(desktop("a", null), Generation.V2, MONDAY));
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
