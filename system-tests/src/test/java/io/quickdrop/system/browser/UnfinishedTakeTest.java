package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the phone keeps on its own disk outlives the page that recorded it, in each kind of storage that browsers have. */
@ExtendWith(ShowServerLogs.class)
final class UnfinishedTakeTest {
    private static final double SAVE_MS = 40_000;
    private static final String WORKER = "/assets/shared/journal/worker.js";

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
    void aTakeCutByAReloadIsResumedWithoutTheRecorder() throws IOException {
        PhonePage phone = scene.phone(scene.dashboard());
        PhonePage.Take cut = recordSome(phone);

        PhonePage again = phone.reload();
        again.text("Unfinished take").waitFor();
        PhonePage.Take left =
                again.waitForTakes("takes[0]?.state === 'paused'", SAVE_MS).onlyTake();
        assertThat(left.sessionId()).isEqualTo(cut.sessionId());
        assertThat(left.kept()).isGreaterThanOrEqualTo(cut.kept());
        again.button("Resume").focus();
        again.page().keyboard().press("Enter");
        again.waitUntilSaved(1, SAVE_MS);

        assertThat(left.produced()).isEqualTo(again.onlyTake().produced());
        TakeTruth.assertIdentical(scene, again);
        assertThat(again.page().locator("#preview").isVisible())
                .as("no camera was needed")
                .isFalse();
        again.reload().waitUntilConnected();
        assertThat(again.takes()).as("the journal forgets what is saved").isEmpty();
        assertThat(journalFiles(again.page())).isEmpty();
    }

    private static PhonePage.Take recordSome(PhonePage phone) {
        phone.record().waitForTakes("takes.at(-1)?.acknowledged > 0", SAVE_MS);
        return phone.takes().get(phone.takes().size() - 1);
    }

    private static String journalFiles(Page page) {
        return (String)
                page.evaluate(
                        """
                async () => {
                  const root = await navigator.storage.getDirectory();
                  const folder = await root.getDirectoryHandle('journal', { create: true });
                  const names = [];
                  for await (const name of folder.keys()) if (name.endsWith('.take')) names.push(name);
                  return names.join(' ');
                }""");
    }
}
