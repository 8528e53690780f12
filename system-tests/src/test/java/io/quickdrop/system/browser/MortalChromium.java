package io.quickdrop.system.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchPersistentContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A phone's browser with a profile on the disk, which can be killed with all its processes and started again, as a
 * phone's system does with a browser when it wants its memory. Confined to its thread, as Playwright is.
 */
public final class MortalChromium implements AutoCloseable {
    private static final long DEATH_SECONDS = 30;

    private final Playwright playwright;
    private final Path profile;
    private @Nullable BrowserContext context;

    /** @param profile a folder of its own; what is in it outlives each browser */
    public MortalChromium(Path profile) {
        this.profile = profile;
        this.playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Chromium.environment()));
    }

    /** Starts the browser on its profile. */
    public Page start() {
        context = playwright
                .chromium()
                .launchPersistentContext(
                        profile,
                        new LaunchPersistentContextOptions()
                                .setExecutablePath(Programs.chromium())
                                .setHeadless(true)
                                .setChromiumSandbox(Chromium.SANDBOX)
                                .setArgs(Chromium.arguments("127.0.0.1"))
                                .setIgnoreHTTPSErrors(true)
                                .setViewportSize(
                                        Screen.phone().width(), Screen.phone().height())
                                .setUserAgent(Screen.PHONE_AGENT));
        context.setDefaultTimeout(Chromium.PATIENCE_MS);
        return context.pages().get(0);
    }

    /** SIGKILL to every process of the browser, at the same moment as far as that can be. */
    public void kill9() {
        List<ProcessHandle> processes = processes();
        if (processes.isEmpty()) {
            throw new AssertionError("no process has the profile " + profile + ": nothing to kill");
        }
        processes.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .orTimeout(DEATH_SECONDS, TimeUnit.SECONDS)
                .join();
        forget();
    }

    /** Closes the browser as a person does. */
    public void quit() {
        forget();
    }

    @Override
    public void close() {
        forget();
        playwright.close();
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("--user-data-dir=" + profile))
                .toList();
    }

    private void forget() {
        BrowserContext gone = context;
        context = null;
        if (gone == null) {
            return;
        }
        try {
            gone.close();
        } catch (PlaywrightException e) {
            System.out.println("the killed browser was gone already: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
