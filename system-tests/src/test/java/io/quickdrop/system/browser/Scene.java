package io.quickdrop.system.browser;

import com.microsoft.playwright.BrowserContext;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Cut;
import io.quickdrop.system.harness.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A laptop and a phone in one room: the real server as a process, its dashboard on the laptop, and a network between
 * phone and server that a test can break. The laptop's own browser goes past that network.
 *
 * <p>One per test class, confined to its thread; what a test opened is closed by {@link #leave}.
 */
final class Scene implements AutoCloseable {
    /** The name under which phones reach the server; everything but {@code localhost} leads into the network. */
    private static final String NAME = "laptop.test";

    private final ServerProcess server;
    private final CuttingProxy network;
    private final Chromium chromium;
    private final Deque<BrowserContext> open = new ArrayDeque<>();

    private Scene(Path output, IntFunction<Optional<Cut>> cuts, boolean trusting) {
        ServerProcess.Launch launch = ServerProcess.Launch.in(output).with("--name", NAME);
        network = new CuttingProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), launch.port()), cuts);
        server = launch.start();
        try {
            chromium = trusting
                    ? Chromium.launchTrusting(server.caFile(), network.port())
                    : Chromium.launchBehind(network.port());
        } catch (RuntimeException | Error e) {
            network.close();
            server.close();
            throw e;
        }
    }

    /** @param folder empty; recordings go into a folder in it */
    static Scene in(Path folder) {
        return in(folder, number -> Optional.empty());
    }

    /** @param cuts where to cut the n-th connection that goes through the network, counted from 0 */
    static Scene in(Path folder, IntFunction<Optional<Cut>> cuts) {
        return new Scene(folder.resolve("QuickDrop"), cuts, false);
    }

    /** The same with browsers that trust the server's authority. */
    static Scene trustedIn(Path folder) {
        return new Scene(folder.resolve("QuickDrop"), number -> Optional.empty(), true);
    }

    ServerProcess server() {
        return server;
    }

    CuttingProxy network() {
        return network;
    }

    /** Names and port under which the pages may address the server. */
    Set<String> authorities() {
        return Set.of("localhost:" + server.port(), NAME + ":" + server.port());
    }

    /** A browser of its own for a page. */
    BrowserContext browser(Screen screen) {
        BrowserContext context = chromium.open(screen);
        open.push(context);
        return context;
    }

    /** A dashboard on the server's own machine. */
    DashboardPage dashboard() {
        return DashboardPage.open(browser(Screen.desktop()), server.port());
    }

    /** A new phone that has scanned a code of this dashboard and is connected. */
    PhonePage phone(DashboardPage dashboard) {
        return phone(dashboard, browser(Screen.phone()));
    }

    /** The same, in a browser that the test has prepared. */
    PhonePage phone(DashboardPage dashboard, BrowserContext browser) {
        return PhonePage.open(browser, dashboard.pairingUrl(NAME)).waitUntilConnected();
    }

    /** Another page in the browser of a phone that is paired. */
    PhonePage phoneAgain(BrowserContext browser) {
        return PhonePage.open(browser, "https://" + NAME + ":" + server.port() + "/phone")
                .waitUntilConnected();
    }

    /** The file of a saved recording, by the name that the server told the phone. */
    Path file(String fileName) {
        return server.output().resolve(fileName);
    }

    /** Closes what a test opened, without asking pages whether they mind. */
    void leave() {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Override
    public void close() {
        leave();
        chromium.close();
        network.close();
        server.close();
    }
}
