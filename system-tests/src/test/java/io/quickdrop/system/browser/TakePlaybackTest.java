package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a real browser recorded plays in a real browser: from anywhere, while it arrives, and as one file. */
@ExtendWith(ShowServerLogs.class)
final class TakePlaybackTest {
    private static final double SAVE_MS = 2 * Chromium.PATIENCE_MS;

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.in(folder);
    }

    @AfterEach
    void leave() {
        scene.network().stall(false);
        scene.leave();
    }

    @Test
    void aSavedTakeHasADurationAPictureAndCanBeJumpedIn() {
        DashboardPage dashboard = scene.dashboard();
        PhonePage phone = scene.phone(dashboard);
        phone.record().recordUntil(6).stop().waitUntilSaved(1, SAVE_MS);
        TakeTruth.assertIdentical(scene, phone);

        Locator row = dashboard.recording(phone.onlyTake().sessionId());
        row.locator(".tile img").waitFor();
        PageFact.await(dashboard.page(), "() => document.querySelector('.tile img').naturalWidth > 100");
        row.locator(".tile").click();
        Map<?, ?> jump = jumpToTheMiddle(dashboard.page(), ".recording video");

        System.out.println("A take of 6 s, repaired, in Chromium: " + jump);
        assertThat(number(jump, "duration")).isBetween(4.5, 9.0);
        assertThat(number(jump, "seekableEnd")).isEqualTo(number(jump, "duration"));
        assertThat(number(jump, "at")).isBetween(number(jump, "target") - 0.5, number(jump, "target") + 0.5);
    }

    @Test
    void aFlippedTakeIsOneRowWithItsGapAndOneFileToDownload(@TempDir Path downloads) {
        DashboardPage dashboard = scene.dashboard();
        PhonePage phone = scene.phone(dashboard);
        phone.record().recordUntil(2);
        phone.button("Flip").click();
        phone.waitForTakes("takes.length === 2 && takes[1].produced > 0", SAVE_MS);
        phone.recordUntil(4).stop().waitUntilSaved(2, SAVE_MS);
        TakeTruth.assertIdentical(scene, phone);

        Page page = dashboard.page();
        Locator take = page.locator(".take");
        take.waitFor();
        assertThat(take.count()).isEqualTo(1);
        assertThat(take.locator(".piece-part").count()).isEqualTo(2);
        assertThat(take.locator(".piece-gap").textContent()).matches("0:\\d\\d – .* missing: camera flipped");
        assertThat(take.locator(".timeline .stretch").count()).isEqualTo(3);
        take.locator(".tile img").waitFor();
        Gallery.picture(page, "dashboard-take");

        take.locator(".tile").click();
        // The second part begins by itself where the first one ends.
        PageFact.await(page, "() => document.querySelectorAll('.timeline .stretch')[2].matches('.stretch-now')");
        take.locator(".tile").click();

        Download download = page.waitForDownload(
                new Page.WaitForDownloadOptions().setTimeout(SAVE_MS),
                () -> take.getByText("Export as one file").click());
        Path whole = downloads.resolve(download.suggestedFilename());
        download.saveAs(whole);
        page.getByText("Gaps are closed; a chapter names each.").waitFor();
        Gallery.picture(page, "dashboard-take-exported");
        MediaFile media = MediaFile.probe(whole);
        System.out.println("Exported as one file: " + whole.getFileName() + " " + media);
        assertThat(media.track("video").frames()).isPositive();
        page.evaluate(
                """
                url => {
                  const video = document.createElement('video');
                  video.id = 'whole';
                  video.muted = true;
                  video.src = url;
                  document.body.append(video);
                }""",
                "/api/takes/" + take.getAttribute("data-take") + "/export/content");
        Map<?, ?> jump = jumpToTheMiddle(page, "#whole");
        System.out.println("The whole in Chromium: " + jump);
        assertThat(number(jump, "duration")).isGreaterThan(3.0);
        // From before the seam to the end without an error: both cameras' pictures are in one stream.
        page.evaluate("() => { const v = document.getElementById('whole'); v.currentTime = 0; return v.play(); }");
        PageFact.await(page, "() => document.getElementById('whole').ended");
        assertThat(page.evaluate("() => document.getElementById('whole').error"))
                .isNull();
        page.evaluate("() => document.getElementById('whole').remove()");

        take.locator("[title=Delete]").click();
        dashboard.button("Undo").waitFor();
        page.waitForCondition(() -> take.count() == 0);
        dashboard.button("Undo").click();
        take.waitFor();
        page.waitForCondition(() -> take.locator(".piece-part").count() == 2);
    }

    @Test
    void anInterruptedTakePlaysAsFarAsItCame() {
        DashboardPage dashboard = scene.dashboard();
        PhonePage phone = scene.phone(dashboard);
        phone.record().recordUntil(4);
        phone.waitForTakes("takes[0].acknowledged > 200_000", SAVE_MS);
        scene.network().stall(true);
        scene.network().cutAll(Ending.RST);
        dashboard.text("Interrupted").waitFor();

        dashboard.button("Play what is here").click();
        PageFact.await(dashboard.page(), "() => document.querySelector('.arriving-take video')?.currentTime > 1");
        Gallery.picture(dashboard.page(), "dashboard-playing-interrupted");

        dashboard.button("Close the player").click();
        scene.network().stall(false);
        phone.stop().waitUntilSaved(1, SAVE_MS);
        TakeTruth.assertIdentical(scene, phone);
    }

    private static double number(Map<?, ?> values, String name) {
        return ((Number) List.of(values.get(name)).get(0)).doubleValue();
    }

    /** Waits until the video knows how long it is, and jumps to its middle. */
    private static Map<?, ?> jumpToTheMiddle(Page page, String video) {
        PageFact.await(page, "() => Number.isFinite(document.querySelector('" + video + "')?.duration)");
        return (Map<?, ?>) page.evaluate(
                """
                async selector => {
                  const video = document.querySelector(selector);
                  video.pause();
                  const target = video.duration / 2;
                  const jumped = new Promise((resolve, reject) => {
                    video.addEventListener('seeked', resolve, { once: true });
                    video.addEventListener('error', () => reject(new Error('no jump')), { once: true });
                  });
                  video.currentTime = target;
                  await jumped;
                  return {
                    duration: video.duration,
                    seekableEnd: video.seekable.end(0),
                    target,
                    at: video.currentTime,
                    width: video.videoWidth,
                    height: video.videoHeight,
                  };
                }""",
                video);
    }
}
