package io.quickdrop.system.desktop;

import io.quickdrop.system.display.DesktopPrograms;
import io.quickdrop.system.display.DesktopPrograms.Running;

/** What happens on a desktop, for tests and figures. */
enum Workload {
    REST("rest"),
    TYPING("typing"),
    SCROLLING("scrolling text"),
    MOVING_WINDOW("moving window"),
    VIDEO("video");

    private final String words;

    Workload(String words) {
        this.words = words;
    }

    /** For people. */
    String words() {
        return words;
    }

    /** For file names. */
    String fileName() {
        return words.replace(' ', '-');
    }

    boolean moves() {
        return this != REST;
    }

    Running start(DesktopPrograms programs, int x, int y) {
        return switch (this) {
            case REST -> programs.textAtRest(x, y);
            case TYPING -> programs.typing(x, y);
            case SCROLLING -> programs.scrollingText(x, y);
            case MOVING_WINDOW -> programs.movingWindow(x, y, 60);
            case VIDEO -> programs.video(x, y);
        };
    }
}
