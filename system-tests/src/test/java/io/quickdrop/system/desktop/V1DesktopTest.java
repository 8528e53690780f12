package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.Rendition;
import io.quickdrop.system.display.CodedPicture;
import io.quickdrop.system.display.Ssim;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.TestViewer;
import io.quickdrop.system.peers.V1Desktop;
import io.quickdrop.system.peers.V1Desktop.Dialect;
import io.quickdrop.system.peers.V1Viewer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Desktops and viewers of section 5 of the protocol, among themselves and mixed with those of v2. */
@ExtendWith(ShowServerLogs.class)
@SuppressWarnings("try") // programs that run for as long as their block
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class V1DesktopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private ServerProcess server;
    private Door door;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = Launch.in(folder.resolve("out")).start();
        door = Door.of(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anOldDesktopIsSeenByANewViewerAndByAnOldOneAtOnce(Dialect dialect) {
        String id = "old-" + dialect.name().toLowerCase(java.util.Locale.ROOT);
        try (V1Desktop desktop = new V1Desktop(door, id, dialect).draw(10);
                TestViewer fresh = TestViewer.of(door).watch(id, 0);
                V1Viewer old = new V1Viewer(door, "old-viewer").watch(id)) {
            await().atMost(PATIENCE).until(() -> fresh.frames() > 20 && old.frames() > 20);
            desktop.pause();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(CodedPicture.number(fresh.glass())).hasValue((int) desktop.sent());
                assertThat(number(old)).hasValue((int) desktop.sent());
            });
            assertThat(desktop.freed()).as("acknowledged to the desktop").isEqualTo(desktop.sent());
        }
    }

    @Test
    void anOldDesktopsWindowOpensAlsoWhenNobodyLooksAnyMoreOrNobodyAcknowledges() {
        try (V1Desktop desktop = new V1Desktop(door, "old-silent", Dialect.FRAME_DATA).draw(10)) {
            try (V1Viewer mute = new V1Viewer(door, "mute")) {
                mute.fallSilent(true);
                mute.watch("old-silent");
                // Each window of 10 opens by expiry alone: three of them, and it does not stand.
                await().atMost(Duration.ofSeconds(60)).until(() -> desktop.freed() > 30);
                long frames = mute.frames();
                await().atMost(PATIENCE).until(() -> mute.frames() > frames + 2);
            }
            try (V1Viewer late = new V1Viewer(door, "late").watch("old-silent")) {
                await().atMost(PATIENCE).until(() -> late.frames() > 10);
            }
            await().atMost(PATIENCE).until(() -> !desktop.isCapturing());
        }
    }

    @Test
    void anOldDesktopCapturesOnlyWhileSomeoneLooksAndIsFoundByPing() {
        try (V1Desktop desktop = new V1Desktop(door, "old-idle", Dialect.FRAME_DATA).draw(10);
                V1Viewer viewer = new V1Viewer(door, "finder")) {
            assertThat(viewer.findsByPing("old-idle")).isTrue();
            assertThat(desktop.isCapturing()).isFalse();
            viewer.watch("old-idle");
            await().atMost(PATIENCE).until(() -> viewer.frames() > 5);
            viewer.say("{\"type\":\"stop_stream\",\"desktopClientId\":\"old-idle\"}");
            await().atMost(PATIENCE).until(() -> !desktop.isCapturing());
            assertThat(Enrolment.listed(door, "old-idle")
                            .orElseThrow()
                            .get("generation")
                            .getAsInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void anOldDesktopThatAsksForItsCommandsIsAnswered() {
        try (V1Desktop desktop = new V1Desktop(door, "old-polling", Dialect.FRAME_DATA)) {
            desktop.say("{\"type\":\"get_commands\",\"clientId\":\"old-polling\"}");
            assertThat(desktop.hear("commands").get("commands").getAsJsonArray())
                    .isEmpty();
            desktop.say("{\"type\":\"stream_status\",\"status\":\"idle\"}");
            desktop.say("{\"type\":\"capability_report\",\"capabilities\":{}}");
            desktop.say("{\"type\":\"ping\",\"timestamp\":1}");
            desktop.hear("pong");
        }
    }

    @Test
    void aNewDesktopIsSeenByAnOldViewerInWholePictures() {
        OneRealDesktop.with(server, 640, 360, "new-for-old", desktop -> {
            try (var text = desktop.programs().textAtRest(10, 10);
                    V1Viewer old = new V1Viewer(door, "old-eyes").watch("new-for-old")) {
                await().atMost(PATIENCE).until(() -> old.picture()
                        .filter(seen -> Ssim.of(seen, desktop.display().picture()) > 0.95)
                        .isPresent());
                long before = old.frames();
                try (var moving = desktop.programs().scrollingText(50, 30)) {
                    await().atMost(PATIENCE).until(() -> old.frames() > before + 10);
                    // Its acknowledgements get lost: pictures go on all the same.
                    old.fallSilent(true);
                    long silentAt = old.frames();
                    await().atMost(Duration.ofSeconds(60)).until(() -> old.frames() > silentAt + 5);
                }
                try (TestViewer fresh = TestViewer.of(door).watch("new-for-old", 0, Rendition.TILES)) {
                    await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                                    fresh.glass().difference(desktop.display().picture()))
                            .startsWith("0 "));
                }
            }
        });
    }

    private static OptionalInt number(V1Viewer viewer) {
        return viewer.picture().map(CodedPicture::number).orElse(OptionalInt.empty());
    }
}
