package io.quickdrop.system.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/** The dashboard as the person at the laptop sees and uses it. */
public final class DashboardPage {
    private final Page page;

    private DashboardPage(Page page) {
        this.page = page;
    }

    /** Opens the dashboard on the server's own machine and waits until it is live and shows a code. */
    public static DashboardPage open(BrowserContext laptop, int port) {
        Page page = laptop.newPage();
        page.navigate("https://localhost:" + port + "/");
        DashboardPage dashboard = new DashboardPage(page).waitUntilLive();
        page.locator("#qr svg").waitFor();
        return dashboard;
    }

    public Page page() {
        return page;
    }

    public DashboardPage waitUntilLive() {
        PageFact.await(page, "() => document.getElementById('connection').textContent === 'Live'");
        return this;
    }

    /** Reads the code as a phone's camera does: it looks until it sees one. */
    String scanCode() {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos((long) Chromium.PATIENCE_MS);
        while (true) {
            page.locator("#qr").scrollIntoViewIfNeeded();
            BufferedImage picture = picture();
            Optional<String> code = QrScan.read(picture);
            if (code.isPresent()) {
                return code.get();
            }
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("ZXing reads no QR code in the screenshot of the dashboard, kept as "
                        + Gallery.keep("unreadable-code", picture));
            }
        }
    }

    private BufferedImage picture() {
        try {
            return ImageIO.read(new ByteArrayInputStream(page.screenshot()));
        } catch (IOException e) {
            throw new AssertionError("the browser's screenshot is no picture", e);
        }
    }

    /** An address like the one in the code, for a name of the server that the test picks. */
    String pairingUrl(String host) {
        return (String) page.evaluate(
                """
                async host => {
                  const answer = await fetch('/api/pairing', {
                    method: 'POST',
                    headers: { 'Content-Type': 'application/json' },
                    body: JSON.stringify({ host }),
                  });
                  if (!answer.ok) throw new Error(await answer.text());
                  return (await answer.json()).url;
                }""",
                host);
    }

    /** The card of a take that is on its way. */
    Locator arriving() {
        return page.locator(".arriving-take").first();
    }

    /** The row of a saved recording. */
    Locator recording(String sessionId) {
        return page.locator(".recording[data-recording='" + sessionId + "']");
    }

    /** The whole checksum in a row's details. */
    String shownChecksum(String sessionId) {
        return recording(sessionId).locator(".receipt-hash").textContent();
    }

    /** The receipt in a row, which a person compares with the phone's. */
    String shownReceipt(String sessionId) {
        return recording(sessionId).locator(".receipt-code").textContent();
    }

    /** Says of a row that the phone has the same bytes. */
    Locator identical(String sessionId) {
        return recording(sessionId).getByText("identical on phone and laptop");
    }

    /** The row of a paired phone. */
    Locator devices() {
        return page.locator(".device");
    }

    public Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    public Locator text(String words) {
        return page.getByText(words).first();
    }
}
