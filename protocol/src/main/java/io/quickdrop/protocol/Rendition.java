package io.quickdrop.protocol;

/** What a stream of one screen is for: {@code rendition} in frames and subscriptions. */
public final class Rendition {
    /** Changed tiles of the screen at full size: what the watch page shows. */
    public static final int TILES = 0;
    /** Whole JPEG pictures, for viewers that know no tiles (v1). */
    public static final int WHOLE = 1;
    /** Whole small JPEG pictures at a low rate, for lists of desktops. */
    public static final int THUMBNAIL = 2;
    /** Not a stream: the parts of one screenshot's file, in order, {@code refFrame} naming the command's fence. */
    public static final int SCREENSHOT = 255;
    /** Highest number of a stream. */
    public static final int MAX_STREAM = THUMBNAIL;

    private Rendition() {}
}
