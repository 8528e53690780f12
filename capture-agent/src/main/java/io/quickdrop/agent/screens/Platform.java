package io.quickdrop.agent.screens;

import java.util.Locale;

/** The operating systems whose screens can be read. */
public enum Platform {
    /** An X server. */
    X11,
    /** GDI. */
    WINDOWS,
    /** AVFoundation. */
    MACOS;

    /** The one that this is; everything that is neither Windows nor macOS is taken for X11. */
    public static Platform current() {
        return of(System.getProperty("os.name", ""));
    }

    /** The one with this {@code os.name}. */
    static Platform of(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        if (name.contains("windows")) {
            return WINDOWS;
        }
        return name.contains("mac") || name.contains("darwin") ? MACOS : X11;
    }
}
