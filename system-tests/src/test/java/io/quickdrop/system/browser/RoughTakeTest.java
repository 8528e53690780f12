package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Takes as people make them: stopped out of reach, one right after the other, flipped, muted, with a dying server. */
@ExtendWith(ShowServerLogs.class)
final class RoughTakeTest {
    private static final double SAVE_MS = 40_000;

    /** What the page promises, and a second for a busy machine's timers. */
    private static final Duration DEAD_FOUND_WITHIN = Duration.ofSeconds(15 + 1);

    private static final long NARROW_BYTES_PER_SECOND = 24_000;

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.in(folder);
    }

    @AfterEach
    void leave() {
        scene.network().stall(false);
        scene.network().limit(Long.MAX_VALUE);
        scene.leave();
    }

    @Test
    void aTakeStoppedOnADeadConnectionArrivesOnceThePageHasFoundOut() {
        PhonePage phone = scene.phone(scene.dashboard());
        phone.record().waitForTakes("takes[0]?.acknowledged > 0", SAVE_MS);

        scene.network().swallow(EnumSet.allOf(Direction.class));
        long silentSince = System.nanoTime();
        phone.stop();
        phone.text("only on this phone").waitFor();
        // The socket still says OPEN: only silence tells.
        PageFact.await(phone.page(), "() => window.quickdrop.connection !== 'open'", null, SAVE_MS);
        Duration found = Duration.ofNanos(System.nanoTime() - silentSince);
        phone.waitUntilSaved(1, SAVE_MS);

        System.out.println("The page found its dead connection after " + found.toMillis() + " ms");
        assertThat(found).isLessThan(DEAD_FOUND_WITHIN);
        TakeTruth.assertIdentical(scene, phone);
    }

    @Test
    void aTakeStoppedOutOfReachArrivesWhenThePhoneIsBack() {
        PhonePage phone = scene.phone(scene.dashboard());
        phone.record().waitForTakes("takes[0]?.acknowledged > 0", SAVE_MS);

        // New connections hang as well: nobody is there.
        scene.network().stall(true);
        scene.network().cutAll(Ending.RST);
        phone.text("Out of reach").waitFor();
        phone.recordUntil(3).stop();
        phone.text("Waits for the laptop").waitFor();
        PhonePage.Take offline = phone.waitForTakes("takes[0].sha256", SAVE_MS).onlyTake();
        assertThat(offline.acknowledged()).isLessThan(offline.produced());
        scene.network().stall(false);
        phone.waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, phone);
    }

    @Test
    void aSecondTakeBeginsWhileTheFirstIsStillOnItsWay() {
        PhonePage phone = scene.phone(scene.dashboard());
        scene.network().limit(NARROW_BYTES_PER_SECOND);

        phone.record().recordUntil(3).stop();
        phone.record();
        assertThat(phone.takes().get(0).state()).isNotEqualTo("saved");
        phone.recordUntil(2).stop();
        assertThat(phone.takes().get(0).state())
                .as("the first is still on its way")
                .isNotEqualTo("saved");
        scene.network().limit(Long.MAX_VALUE);
        phone.waitUntilSaved(2, SAVE_MS);

        List<Path> files = TakeTruth.assertIdentical(scene, phone);
        assertThat(files).doesNotHaveDuplicates().hasSize(2);
        files.forEach(file ->
                assertThat(MediaFile.probe(file).track("video").frames()).isPositive());
    }

    @Test
    void flippingTheCameraGoesOnInASecondPartOfTheSameTake() {
        BrowserContext browser = scene.browser(Screen.phone());
        List<JsonObject> starts = startsOf(browser);
        PhonePage phone = scene.phone(scene.dashboard(), browser);

        phone.record().recordUntil(2);
        long flippedAt = System.nanoTime();
        phone.button("Flip").click();
        phone.waitForTakes("takes.length === 2 && takes[1].produced > 0", SAVE_MS);
        final Duration sinceFlip = Duration.ofNanos(System.nanoTime() - flippedAt);
        assertThat(phone.button("Stop").isVisible()).as("it goes on recording").isTrue();
        phone.stop().waitUntilSaved(2, SAVE_MS);

        List<Path> files = TakeTruth.assertIdentical(scene, phone);
        phone.text("Take 1 · 2 parts").waitFor();
        phone.text("not recorded: camera flipped").waitFor();
        assertThat(starts).hasSize(2);
        JsonObject first = starts.get(0).getAsJsonObject("take");
        JsonObject second = starts.get(1).getAsJsonObject("take");
        System.out.println("Flipped in mid-take: " + first + " and " + second);
        assertThat(first.get("index").getAsInt()).isZero();
        assertThat(first.get("gapMs").getAsLong()).isZero();
        assertThat(second.get("index").getAsInt()).isEqualTo(1);
        assertThat(second.get("takeId")).isEqualTo(first.get("takeId"));
        assertThat(second.get("cause").getAsString()).isEqualTo("flip");
        assertThat(second.get("gapMs").getAsLong())
                .as("the gap as measured by the phone, of at most what the test saw")
                .isBetween(1L, sinceFlip.toMillis());
        files.forEach(file ->
                assertThat(MediaFile.probe(file).track("video").frames()).isPositive());
    }

    /** The {@code start} messages that pages of this browser send, as they go out. */
    private static List<JsonObject> startsOf(BrowserContext browser) {
        List<JsonObject> starts = new CopyOnWriteArrayList<>();
        browser.onPage(page -> page.onWebSocket(socket -> socket.onFrameSent(frame -> {
            String text = frame.text();
            if (text != null && text.startsWith("{\"type\":\"start\"")) {
                starts.add(JsonParser.parseString(text).getAsJsonObject());
            }
        })));
        return starts;
    }

    @Test
    void mutedBeforeTheCameraOpensStillRecordsASoundTrackThatCanBeUnmuted() {
        PhonePage phone = scene.phone(scene.dashboard());

        phone.button("Mute").click();
        phone.record().recordUntil(2);
        phone.button("Muted").click();
        phone.button("Mute").waitFor();
        phone.recordUntil(3).stop().waitUntilSaved(1, SAVE_MS);

        Path file = TakeTruth.assertIdentical(scene, phone).get(0);
        MediaFile.Track sound = MediaFile.probe(file).track("audio");
        assertThat(sound.duration()).as("%s", sound).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    void aTakeGoesOnOverTheDeathOfTheServer() {
        DashboardPage dashboard = scene.dashboard();
        PhonePage phone = scene.phone(dashboard);
        phone.record().waitForTakes("takes[0]?.acknowledged > 0", SAVE_MS);
        dashboard.arriving().waitFor();

        scene.server().kill9();
        dashboard.text("Lost touch with the server").waitFor();
        phone.text("Out of reach").waitFor();
        long acknowledged = phone.onlyTake().acknowledged();
        scene.server().start();
        dashboard.waitUntilLive();
        dashboard.arriving().getByText("Arriving").waitFor();
        phone.waitForTakes("takes[0].acknowledged > " + acknowledged, SAVE_MS);
        assertThat(phone.onlyTake().state()).isEqualTo("recording");
        phone.stop().waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, phone);
        Locator row = dashboard.recording(phone.onlyTake().sessionId());
        row.waitFor();
        assertThat(dashboard.page().getByText("Lost touch").isVisible()).isFalse();
        assertThat(row.locator(".tag").isVisible()).as("not partial").isFalse();
    }
}
