package io.quickdrop.system.browser;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
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

    /** Reads the code as a phone's camera does: from a picture of the whole screen. */
    String scanCode() {
        page.locator("#qr").scrollIntoViewIfNeeded();
        try {
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(page.screenshot()));
            int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
            RGBLuminanceSource source = new RGBLuminanceSource(picture.getWidth(), picture.getHeight(), pixels);
            return new QRCodeReader()
                    .decode(new BinaryBitmap(new HybridBinarizer(source)), Map.of(DecodeHintType.TRY_HARDER, true))
                    .getText();
        } catch (ReaderException e) {
            throw new AssertionError("ZXing reads no QR code in the screenshot of the dashboard", e);
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

    /** The checksum in a row's hint, first and last digits. */
    String shownChecksum(String sessionId) {
        String hint = recording(sessionId).locator(".recording-facts").getAttribute("title");
        return hint.replaceFirst("(?s).*SHA-256 (\\S+).*", "$1");
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
