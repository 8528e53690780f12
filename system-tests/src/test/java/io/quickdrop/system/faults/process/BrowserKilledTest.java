package io.quickdrop.system.faults.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.MortalChromium;
import io.quickdrop.system.browser.PageFact;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.Pairing;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The phone's browser dies with all its processes while it records. What it had on its disk arrives afterwards, whole and
 * without the recorder; nothing that the laptop had acknowledged is missing.
 */
@ExtendWith(ShowServerLogs.class)
final class BrowserKilledTest {
    private static final String NAME = "laptop.test";
    /** How long the recorder keeps what it has before it hands it over: the bound on what a kill can cost. */
    private static final int TIMESLICE_MS = 1_000;

    private static final double SAVE_MS = 60_000;

    /**
     * What the page said last before it died.
     *
     * @param sinceKeptMs how long ago anything was journalled last: what was recorded since is what the kill costs
     */
    private record Seen(String sessionId, long produced, long kept, long acknowledged, long sinceKeptMs) {}

    /** Notes when the page journalled something last. */
    private static final String WATCH =
            """
            takes => {
              window.lastKept = { bytes: 0, atMs: performance.now() };
              const look = () => {
                const bytes = window.quickdrop.takes[takes]?.kept ?? 0;
                if (bytes !== window.lastKept.bytes) window.lastKept = { bytes, atMs: performance.now() };
              };
              setInterval(look, 5);
            }""";

    private static final String LAST_LOOK =
            """
            takes => {
              const { sessionId, produced, kept, acknowledged } = window.quickdrop.takes[takes];
              return [sessionId, produced, kept, acknowledged, performance.now() - window.lastKept.atMs];
            }""";

    @Test
    void tenKillsWhileRecordingLoseNothingThatWasJournalled(@TempDir Path folder) throws IOException {
        killAgainAndAgain(folder, 10);
    }

    @Test
    @Tag("long")
    void aHundredKillsWhileRecordingLoseNothingThatWasJournalled(@TempDir Path folder) throws IOException {
        killAgainAndAgain(folder, 100);
    }

    private static void killAgainAndAgain(Path folder, int kills) throws IOException {
        FaultRow row = FaultRow.begin("browser killed while recording", kills);
        Launch launch = Launch.in(folder.resolve("out")).with("--name", NAME);
        long lostBytes = 0;
        List<Long> lostMs = new ArrayList<>();
        int torn = 0;
        long journalled = 0;
        try (ServerProcess server = launch.start();
                MortalChromium browser = new MortalChromium(folder.resolve("profile"))) {
            String origin = "https://" + NAME + ":" + server.port();
            String phone = origin + "/phone";
            pair(server, browser, phone);
            Page page = browser.start();
            openPhone(page, phone);
            for (int kill = 0; kill < row.trials(); kill++) {
                Seen seen = recordUntilTheKill(page, browser, row.random());
                page = browser.start();
                JournalFile journal = journalOf(page, origin, seen.sessionId);
                assertThat((long) journal.whole().length)
                        .as("%s, kill %d: bytes on the phone's disk; the page said %s", row, kill, seen)
                        .isGreaterThanOrEqualTo(Math.max(seen.kept, seen.acknowledged));
                openPhone(page, phone);
                Path file = resume(page, server, seen);
                assertThat(Files.size(file))
                        .as("%s, kill %d: %s", row, kill, seen)
                        .isEqualTo(journal.whole().length);
                assertThat(SeededBytes.sha256(file))
                        .as("%s, kill %d: %s", row, kill, seen)
                        .isEqualTo(sha256(journal.whole()));
                lostBytes = Math.max(lostBytes, seen.produced - journal.whole().length);
                lostMs.add(seen.sinceKeptMs);
                torn += journal.tornBytes() > 0 ? 1 : 0;
                journalled += journal.whole().length;
            }
            try (var files = Files.list(server.output())) {
                List<String> stray = files.map(file -> file.getFileName().toString())
                        .filter(name -> name.contains(".partial"))
                        .toList();
                assertThat(stray).as("%s: stray files", row).isEmpty();
            }
        }
        Collections.sort(lostMs);
        row.passed(String.format(
                "%d bytes journalled and saved, sums equal; torn tails cut: %d; lost between recorder and journal: %d bytes that"
                        + " the recorder had handed over, and what it held itself, median %d ms, worst %d ms (its timeslice: %d ms)",
                journalled,
                torn,
                lostBytes,
                lostMs.get(lostMs.size() / 2),
                lostMs.get(lostMs.size() - 1),
                TIMESLICE_MS));
    }

    /** And closes the browser in peace: the key of a phone that is killed within seconds of its pairing is another story. */
    private static void pair(ServerProcess server, MortalChromium browser, String phone) {
        Page page = browser.start();
        page.navigate(phone + "#pair=" + Pairing.secret(Door.of(server)));
        PageFact.await(page, "() => window.quickdrop?.connection === 'open'");
        browser.quit();
    }

    private static void openPhone(Page page, String phone) {
        page.navigate(phone);
        PageFact.await(page, "() => window.quickdrop?.connection === 'open'");
    }

    private static Seen recordUntilTheKill(Page page, MortalChromium browser, Random random) {
        int takes = ((Number) page.evaluate("window.quickdrop.takes.length")).intValue();
        page.evaluate(WATCH, takes);
        button(page, "Record").click();
        PageFact.await(page, "takes => window.quickdrop.takes[takes]?.kept > 0", takes, Chromium.PATIENCE_MS);
        // The moment of the fault: anywhere in a timeslice or two.
        LockSupport.parkNanos(
                Duration.ofMillis(random.nextInt(2 * TIMESLICE_MS)).toNanos());
        List<?> seen = (List<?>) page.evaluate(LAST_LOOK, takes);
        browser.kill9();
        return new Seen(
                (String) seen.get(0),
                number(seen.get(1)),
                number(seen.get(2)),
                number(seen.get(3)),
                number(seen.get(4)));
    }

    /** Read before any page of the phone has touched it. */
    private static JournalFile journalOf(Page page, String origin, String sessionId) {
        page.navigate(origin + "/assets/shared/theme.css");
        String base64 = (String) page.evaluate(
                """
                async name => {
                  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('journal');
                  const file = await (await folder.getFileHandle(name)).getFile();
                  const url = await new Promise(resolve => {
                    const reader = new FileReader();
                    reader.onload = () => resolve(reader.result);
                    reader.readAsDataURL(file);
                  });
                  return url.slice(url.indexOf(',') + 1);
                }""",
                sessionId + ".take");
        return JournalFile.read(Base64.getDecoder().decode(base64));
    }

    /** Without the recorder; by the one tap that it takes. */
    private static Path resume(Page page, ServerProcess server, Seen seen) {
        PageFact.await(page, "() => window.quickdrop.takes.some(take => take.state === 'paused')");
        assertThat(page.locator("#lost").isVisible())
                .as("nothing is called lost")
                .isFalse();
        button(page, "Resume").click();
        PageFact.await(
                page,
                "id => window.quickdrop.takes.find(take => take.sessionId === id).state === 'saved'",
                seen.sessionId,
                SAVE_MS);
        PageFact.await(page, "() => document.querySelector('.receipt')");
        assertThat(page.getByText("Identical on phone and laptop").count())
                .as("receipts that call the copy identical")
                .isEqualTo(1);
        String name = page.locator(".receipt p.small:not(.muted)").first().textContent();
        return server.output().resolve(name);
    }

    private static com.microsoft.playwright.Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
