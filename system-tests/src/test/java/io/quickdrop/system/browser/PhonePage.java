package io.quickdrop.system.browser;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The phone's page as the person holding it sees and taps it. */
final class PhonePage {
    private static final Gson GSON = new Gson();

    private final Page page;

    /**
     * What the page itself believes of a take ({@code window.quickdrop}).
     *
     * @param produced bytes that the recorder has handed over
     * @param acknowledged bytes that the server called durable
     * @param sha256 of all bytes, once the take is over
     * @param kept bytes that the phone keeps and may send
     * @param state {@code recording}, {@code paused} (left by an earlier page), or a state of the page's sender
     */
    record Take(String sessionId, long produced, long acknowledged, @Nullable String sha256, long kept, String state) {
        /** The checksum of a take that is over. */
        String checksum() {
            if (sha256 == null) {
                throw new AssertionError("the take " + sessionId + " is not over: it has no checksum yet");
            }
            return sha256;
        }
    }

    private PhonePage(Page page) {
        this.page = page;
    }

    /** Opens an address, as the camera app does with one from a QR code. */
    static PhonePage open(BrowserContext phone, String url) {
        Page page = phone.newPage();
        page.navigate(url);
        return new PhonePage(page);
    }

    /** The page anew, in the same tab: what the browser does when it threw the page away. */
    PhonePage reload() {
        page.onceDialog(Dialog::accept);
        page.reload();
        return this;
    }

    Page page() {
        return page;
    }

    PhonePage waitUntilConnected() {
        PageFact.await(page, "() => window.quickdrop?.connection === 'open'");
        return this;
    }

    /** Until the notices that go away by themselves have gone. */
    PhonePage waitUntilIdle() {
        PageFact.await(page, "() => !document.querySelector('.toast')");
        return this;
    }

    PhonePage record() {
        button("Record").click();
        button("Stop").waitFor();
        return this;
    }

    PhonePage stop() {
        button("Stop").click();
        button("Record").waitFor();
        return this;
    }

    /** Lets the recording go on until its timer shows this many seconds. */
    PhonePage recordUntil(int seconds) {
        PageFact.await(
                page,
                "seconds => document.getElementById('timer').textContent.split(':').reduce((a, b) => 60 * a + +b, 0) >= seconds",
                seconds,
                Chromium.PATIENCE_MS + 1_000.0 * seconds);
        return this;
    }

    /** Waits for a fact about the takes, a JavaScript expression over {@code takes} (oldest first). */
    PhonePage waitForTakes(String fact, double timeoutMs) {
        PageFact.await(page, "() => { const takes = window.quickdrop.takes; return " + fact + "; }", null, timeoutMs);
        return this;
    }

    /** Waits until the server has called this many takes saved, and every one that there is. */
    PhonePage waitUntilSaved(int count, double timeoutMs) {
        return waitForTakes("takes.length >= " + count + " && takes.every(take => take.state === 'saved')", timeoutMs);
    }

    /** Oldest first. */
    List<Take> takes() {
        String json = (String) page.evaluate("JSON.stringify(window.quickdrop.takes)");
        return GSON.fromJson(json, new TypeToken<List<Take>>() {}.getType());
    }

    Take onlyTake() {
        List<Take> takes = takes();
        if (takes.size() != 1) {
            throw new AssertionError("expected one take on the page, found " + takes);
        }
        return takes.get(0);
    }

    /** The file name in the receipt of this session. */
    String fileName(String sessionId) {
        return page.locator("[data-session='" + sessionId + "'] .receipt p.small:not(.muted)")
                .textContent();
    }

    /** The file names in the receipts: takes newest first, their parts as recorded. */
    List<String> fileNames() {
        return page.locator(".receipt p.small:not(.muted)").allTextContents();
    }

    /** The receipt of the only take that is saved, which a person compares with the dashboard's. */
    String receipt() {
        return page.locator(".receipt-code").textContent();
    }

    /** The file name in the only receipt. */
    String fileName() {
        List<String> names = fileNames();
        if (names.size() != 1) {
            throw new AssertionError("expected one receipt on the page, found " + names);
        }
        return names.get(0);
    }

    /** What the pill on top says of the connection. */
    Locator connection() {
        return page.locator("#connection");
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** A piece of text that the person can see. */
    Locator text(String words) {
        return page.getByText(words).first();
    }
}
