package io.quickdrop.system.desktop;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.PageFact;
import io.quickdrop.system.display.CounterWindow;
import io.quickdrop.system.display.Picture;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The viewer page as the person who watches sees and uses it; its pictures are read from the canvas that is shown. */
public final class WatchPage {
    /** Copies the canvas: the one on the page belongs to the painting worker, and can only be drawn from. */
    private static final String GLASS =
            """
            async tile => {
              const shown = document.querySelector(tile + ' canvas');
              const copy = new OffscreenCanvas(shown.width, shown.height);
              copy.getContext('2d').drawImage(shown, 0, 0);
              const bytes = new Uint8Array(await (await copy.convertToBlob({ type: 'image/png' })).arrayBuffer());
              let text = '';
              for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
              return btoa(text);
            }""";

    /** Reads the number in blocks at each frame that the browser shows; the same code as BlockCode's, in JavaScript. */
    private static final String READ_COUNTER =
            """
            ([tile, left, top, width, height]) => {
              const shown = document.querySelector(tile + ' canvas');
              const copy = new OffscreenCanvas(width, height);
              const context = copy.getContext('2d', { willReadFrequently: true });
              const seen = [];
              let last = -1;
              window.counterSeen = seen;
              window.counterStop = false;
              const read = () => {
                context.drawImage(shown, left, top, width, height, 0, 0, width, height);
                const { data } = context.getImageData(0, 0, width, height);
                const nowMs = performance.timeOrigin + performance.now();
                let bits = 0;
                for (let i = 0; i < 32; i++) {
                  let sum = 0;
                  for (let y = 4; y < 12; y++) {
                    for (let x = 4; x < 12; x++) {
                      const at = 4 * ((16 + (i >> 4) * 16 + y) * width + 16 + (i & 15) * 16 + x);
                      sum += data[at] + data[at + 1] + data[at + 2];
                    }
                  }
                  if (sum > 3 * 128 * 64) bits |= 1 << i;
                }
                const number = bits & 0xfffff;
                if (data[4 * (8 * width + 8)] > 128 && (number | ((Math.imul(number, 0x9e3779b1) >>> 20) << 20)) === bits
                    && number !== last) {
                  last = number;
                  seen.push([number, nowMs]);
                }
                if (!window.counterStop) requestAnimationFrame(read);
              };
              requestAnimationFrame(read);
            }""";

    private final Page page;

    /** A number that was seen on the page's glass. */
    record Seen(int number, long atMicros) {}

    private WatchPage(Page page) {
        this.page = page;
    }

    /**
     * Opens it on the server's own machine, connected.
     *
     * @param watched {@code desktop:monitor} each
     */
    public static WatchPage open(BrowserContext browser, int port, String... watched) {
        Page page = browser.newPage();
        String hash = watched.length == 0 ? "" : "#watch=" + String.join(",", watched);
        page.navigate("https://localhost:" + port + "/watch" + hash);
        WatchPage watch = new WatchPage(page);
        watch.waitUntilConnected();
        return watch;
    }

    /** One that is open in this tab, connected. */
    public static WatchPage at(Page tab) {
        return new WatchPage(tab).waitUntilConnected();
    }

    /** Opens it from another machine, with the operator's token. */
    public static WatchPage openFromElsewhere(
            BrowserContext browser, String authority, String token, String... watched) {
        Page page = browser.newPage();
        page.navigate("https://" + authority + "/watch#token=" + token);
        WatchPage watch = new WatchPage(page);
        watch.waitUntilConnected();
        page.evaluate("hash => { location.hash = hash; }", "#watch=" + String.join(",", watched));
        return watch;
    }

    public Page page() {
        return page;
    }

    public WatchPage waitUntilConnected() {
        PageFact.await(page, "() => document.getElementById('connection').textContent === 'Live'");
        return this;
    }

    /** Waits until a screen is shown live. */
    public WatchPage waitUntilLive(String desktop, int monitor) {
        return waitForState(desktop, monitor, "live");
    }

    /** Waits for a tile's state: waiting, opening, live, stale, stopped or refused. */
    public WatchPage waitForState(String desktop, int monitor, String state) {
        return waitForState(desktop, monitor, state, Chromium.PATIENCE_MS);
    }

    public WatchPage waitForState(String desktop, int monitor, String state, double patienceMs) {
        PageFact.await(
                page,
                "([tile, state]) => document.querySelector(tile)?.dataset.state === state",
                List.of(selector(desktop, monitor), state),
                patienceMs);
        return this;
    }

    /** One watched screen. */
    public Locator tile(String desktop, int monitor) {
        return page.locator(selector(desktop, monitor));
    }

    /** A fact about a tile: an attribute of its own, as {@code data-painted}. */
    public long number(String desktop, int monitor, String name) {
        return Long.parseLong(tile(desktop, monitor).getAttribute("data-" + name));
    }

    /** A desktop in the list. */
    public Locator card(String desktop) {
        return page.locator(".desktop[data-client='" + desktop + "']");
    }

    /** The thumbnail of a monitor in the list, which is also the button that watches it. */
    public Locator thumbnail(String desktop, int monitor) {
        return card(desktop).locator("[data-monitor='" + monitor + "']");
    }

    public Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    /** What is on the canvas now. */
    public Picture glass(String desktop, int monitor) {
        return picture(selector(desktop, monitor));
    }

    /** What is on a thumbnail now. */
    Picture thumbnailGlass(String desktop, int monitor) {
        return picture(".desktop[data-client='" + desktop + "'] [data-monitor='" + monitor + "']");
    }

    private Picture picture(String selector) {
        return Picture.decode(Base64.getDecoder().decode((String) page.evaluate(GLASS, selector)));
    }

    /** Begins to note which number is on the canvas, and when. */
    void readCounter(String desktop, int monitor, CounterWindow counter) {
        page.evaluate(
                READ_COUNTER,
                List.of(
                        selector(desktop, monitor),
                        counter.left(),
                        counter.top(),
                        CounterWindow.WIDTH,
                        CounterWindow.HEIGHT));
    }

    /** What was noted; stops it. */
    List<Seen> seen() {
        List<?> pairs = (List<?>) page.evaluate("() => { window.counterStop = true; return window.counterSeen; }");
        List<Seen> seen = new ArrayList<>();
        for (Object pair : pairs) {
            List<?> one = (List<?>) pair;
            seen.add(new Seen(((Number) one.get(0)).intValue(), (long) (((Number) one.get(1)).doubleValue() * 1_000)));
        }
        return seen;
    }

    /** Numbers that the page tells of a tile, for messages of failed tests. */
    public Object facts(String desktop, int monitor) {
        Object facts =
                page.evaluate("tile => ({ ...document.querySelector(tile)?.dataset })", selector(desktop, monitor));
        return facts == null ? Map.of() : facts;
    }

    private static String selector(String desktop, int monitor) {
        return ".tile[data-client='" + desktop + "'][data-monitor='" + monitor + "']";
    }
}
