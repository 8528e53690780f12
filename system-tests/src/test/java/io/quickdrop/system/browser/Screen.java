package io.quickdrop.system.browser;

import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;

/**
 * What somebody holds or sits at.
 *
 * @param width CSS pixels
 * @param height CSS pixels
 * @param scale device pixels per CSS pixel
 */
public record Screen(int width, int height, double scale, boolean isPhone, ColorScheme colours) {
    /** Android's Chrome as it calls itself since its user agents were frozen. */
    public static final String PHONE_AGENT = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/140.0.0.0 Mobile Safari/537.36";

    public static Screen phone(ColorScheme colours) {
        return new Screen(390, 844, 2, true, colours);
    }

    public static Screen desktop(ColorScheme colours) {
        return new Screen(1280, 800, 1, false, colours);
    }

    public static Screen phone() {
        return phone(ColorScheme.LIGHT);
    }

    public static Screen desktop() {
        return desktop(ColorScheme.LIGHT);
    }

    public static List<Screen> all() {
        return List.of(
                phone(ColorScheme.LIGHT),
                phone(ColorScheme.DARK),
                desktop(ColorScheme.LIGHT),
                desktop(ColorScheme.DARK));
    }

    /** For file names: "phone-light". */
    public String words() {
        return (isPhone ? "phone-" : "desktop-") + colours.name().toLowerCase(Locale.ROOT);
    }
}
