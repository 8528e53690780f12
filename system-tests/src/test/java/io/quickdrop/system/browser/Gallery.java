package io.quickdrop.system.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures of a page's state on every screen, for people to look at: {@code target/screenshots}. */
public final class Gallery {
    private static final Path FOLDER = Path.of("target", "screenshots");

    /** From the top; and which folder the test was given says nothing to anybody. The page writes it anew each second. */
    private static final String PREPARE =
            """
            () => {
              scrollTo(0, 0);
              const folder = document.getElementById('output-dir');
              const mask = () => folder.textContent === 'In ~/QuickDrop' || (folder.textContent = 'In ~/QuickDrop');
              if (folder && mask() !== true) new MutationObserver(mask).observe(folder, { childList: true });
            }""";

    private Gallery() {}

    /** Takes the page, as it is, on all screens; leaves it on the one it was on. */
    public static void picture(Page page, String name) {
        for (Screen screen : Screen.all()) {
            page.setViewportSize(screen.width(), screen.height());
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(screen.colours()));
            page.evaluate(PREPARE);
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(FOLDER.resolve(name + "-" + screen.words() + ".png"))
                    .setFullPage(screen.isPhone())
                    .setAnimations(ScreenshotAnimations.DISABLED));
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    /** Keeps a picture that a test could make nothing of. */
    static Path keep(String name, BufferedImage picture) {
        try {
            Files.createDirectories(FOLDER);
            Path file = FOLDER.resolve(name + ".png");
            ImageIO.write(picture, "png", file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the picture can't be kept", e);
        }
    }

    public static Path folder() {
        return FOLDER;
    }
}
