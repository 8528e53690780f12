package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Receipt;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The way that everybody goes: scan, record, saved. */
@ExtendWith(ShowServerLogs.class)
final class RecordTakeTest {
    private static final int TAKE_SECONDS = 10;

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.in(folder);
    }

    @AfterEach
    void leave() {
        scene.leave();
    }

    static List<Screen> screens() {
        return Screen.all();
    }

    @ParameterizedTest
    @MethodSource("screens")
    void theCodeOnTheScreenOpensThePageAndPairs(Screen screen) {
        DashboardPage dashboard =
                DashboardPage.open(scene.browser(screen), scene.server().port());

        String url = dashboard.scanCode();
        PhonePage phone = PhonePage.open(scene.browser(Screen.phone()), url).waitUntilConnected();

        assertThat(url).startsWith("https://").contains(":" + scene.server().port() + "/phone#pair=");
        assertThat(phone.page().url()).as("the secret has left the address").doesNotContain("#", "pair");
        dashboard.page().locator(".device[data-connected=true]").waitFor();
        // The code is used up: the dashboard shows another one by itself.
        dashboard.page().waitForCondition(() -> !dashboard.scanCode().equals(url));
    }

    @Test
    void aCodeThatWasUsedIsRefusedInWords() {
        DashboardPage dashboard = scene.dashboard();
        String url = dashboard.scanCode();
        PhonePage.open(scene.browser(Screen.phone()), url).waitUntilConnected();

        PhonePage late = PhonePage.open(scene.browser(Screen.phone()), url);

        late.text("This code is used up").waitFor();
    }

    @Test
    void tenSecondsArriveWhileTheyAreFilmedAndAreTheSameOnBothSides() {
        DashboardPage dashboard = scene.dashboard();
        PhonePage phone = PhonePage.open(scene.browser(Screen.phone()), dashboard.scanCode())
                .waitUntilConnected();

        phone.record();
        // Live on the dashboard: two different amounts, both while the recorder runs.
        String first = amountOtherThan(dashboard, "0 bytes safe on this laptop");
        String second = amountOtherThan(dashboard, first);
        assertThat(phone.onlyTake().state()).isEqualTo("recording");
        phone.recordUntil(TAKE_SECONDS).stop().waitUntilSaved(1, Chromium.PATIENCE_MS);

        PhonePage.Take take = phone.onlyTake();
        phone.text("Identical on phone and laptop").waitFor();
        dashboard.recording(take.sessionId()).waitFor();
        Path file = TakeTruth.assertIdentical(scene, phone).get(0);
        dashboard.identical(take.sessionId()).waitFor();
        assertThat(dashboard.shownChecksum(take.sessionId())).isEqualTo(take.checksum());
        assertThat(phone.receipt())
                .isEqualTo(Receipt.of(take.checksum()))
                .isEqualTo(dashboard.shownReceipt(take.sessionId()));
        assertThat(dashboard.arriving().count()).isZero();
        MediaFile media = MediaFile.probe(file);
        System.out.printf(
                "Recorded through the page: %s, %d bytes, seen arriving at '%s' and '%s'%n",
                media, take.produced(), first, second);
        assertLastsAbout(media.track("video"), TAKE_SECONDS);
        assertLastsAbout(media.track("audio"), TAKE_SECONDS);
    }

    /** Recorder and timer start and stop some moments apart, more so on a busy machine. */
    private static void assertLastsAbout(MediaFile.Track track, int seconds) {
        assertThat(track.duration())
                .as("%s", track)
                .isBetween(Duration.ofMillis(1_000L * seconds - 1_500), Duration.ofMillis(1_000L * seconds + 2_500));
        assertThat(track.frames()).as("%s", track).isGreaterThan(3 * seconds);
    }

    private static String amountOtherThan(DashboardPage dashboard, String amount) {
        String look =
                """
                old => {
                  const now = document.querySelector('.arriving-take .number')?.textContent.split(' · ')[0];
                  return now !== old && now;
                }""";
        return (String) PageFact.await(dashboard.page(), look, amount, Chromium.PATIENCE_MS);
    }
}
