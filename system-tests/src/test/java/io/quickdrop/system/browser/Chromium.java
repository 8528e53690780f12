package io.quickdrop.system.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The machine's own Chromium, headless, with a fake camera and microphone, driven by Playwright. Nothing is downloaded:
 * Playwright's driver is a small jar that runs on the machine's own Node.
 *
 * <p>Every name and address leads to loopback, so a phone's address from a QR code is used as it stands and no packet
 * leaves the machine. One per test class; confined to its thread, as Playwright is.
 */
public final class Chromium implements AutoCloseable {
    private static final Path FILM = CameraFilm.shoot();

    /** For a page to do something that takes no time of its own, on a machine that is busy building. */
    public static final double PATIENCE_MS = 20_000;

    /** Chromium's own sandbox refuses to run as root, which is what containers are. */
    static final boolean SANDBOX = !"root".equals(System.getProperty("user.name"));

    private final Playwright playwright;
    private final Browser browser;

    /** Whether certificates are accepted without being trusted, as after the person's tap on "go on" at the warning. */
    private final boolean tapsOnGoOn;

    private Chromium(List<String> arguments, boolean tapsOnGoOn) {
        this.tapsOnGoOn = tapsOnGoOn;
        BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                .setExecutablePath(Programs.chromium())
                .setHeadless(true)
                .setChromiumSandbox(SANDBOX)
                .setArgs(arguments);
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment()));
        try {
            browser = playwright.chromium().launch(options);
        } catch (RuntimeException e) {
            playwright.close();
            throw e;
        }
    }

    /** Playwright's driver runs on the machine's own Node, and fetches nothing. */
    static Map<String, String> environment() {
        return Map.of(
                "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                "1",
                "PLAYWRIGHT_NODEJS_PATH",
                Programs.node().toString());
    }

    /** Where all names lead, a fake camera, and nothing that Chromium does of its own accord. */
    static List<String> arguments(String loopback) {
        return List.of(
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                "--use-file-for-fake-video-capture=" + FILM,
                "--host-resolver-rules=MAP * " + loopback + ",EXCLUDE localhost",
                "--autoplay-policy=no-user-gesture-required",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-domain-reliability",
                "--disable-sync",
                "--metrics-recording-only",
                "--no-default-browser-check",
                "--no-first-run",
                "--no-pings");
    }

    /** A browser that reaches the server directly, whatever address it is told. */
    public static Chromium launch() {
        return new Chromium(arguments("127.0.0.1"), true);
    }

    /**
     * A browser whose way to every address but {@code localhost} leads through a proxy on this port, while pages and
     * server go on believing in the server's own port.
     */
    public static Chromium launchBehind(int proxyPort) {
        return new Chromium(arguments("127.0.0.1:" + proxyPort), true);
    }

    /**
     * The same of a person who installed the server's authority: only then does a browser keep pages.
     *
     * @param caFile the authority's certificate, PEM
     */
    public static Chromium launchTrusting(Path caFile, int proxyPort) {
        List<String> arguments = new ArrayList<>(arguments("127.0.0.1:" + proxyPort));
        arguments.add("--ignore-certificate-errors-spki-list=" + keyHash(caFile));
        return new Chromium(arguments, false);
    }

    private static String keyHash(Path caFile) {
        try (InputStream in = Files.newInputStream(caFile)) {
            byte[] key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey()
                    .getEncoded();
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("the authority in " + caFile + " can't be read", e);
        }
    }

    /** A phone or a laptop of its own, with its own storage. Close it when done. */
    public BrowserContext open(Screen screen) {
        Browser.NewContextOptions options = new Browser.NewContextOptions()
                .setIgnoreHTTPSErrors(tapsOnGoOn)
                .setViewportSize(screen.width(), screen.height())
                .setDeviceScaleFactor(screen.scale())
                .setColorScheme(screen.colours())
                .setLocale("en-GB")
                .setTimezoneId("Europe/Berlin")
                .setAcceptDownloads(true);
        if (screen.isPhone()) {
            options.setHasTouch(true).setIsMobile(true).setUserAgent(Screen.PHONE_AGENT);
        }
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MS);
        return context;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
