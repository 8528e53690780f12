package io.quickdrop.agent.grab;

import io.quickdrop.agent.screens.Platform;
import io.quickdrop.agent.screens.Screen;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;

/** Opens the best {@link Grabber} that this machine has. Safe on any thread. */
public final class Grabbers {
    /** What FFmpeg's X11 device is linked against, and Debian's packages of it. Loading it fails as a whole. */
    private static final Map<String, String> X11_LIBRARIES = x11Libraries();

    private final Platform platform;
    private final String display;
    private final boolean drawPointer;
    private final Optional<String> whyNoDevice;

    /**
     * Looks for FFmpeg's device of this platform.
     *
     * @param drawPointer whether the pointer shall be in the pictures where the device can draw it
     */
    public Grabbers(boolean drawPointer) {
        this(drawPointer, System.getenv().getOrDefault("DISPLAY", ""));
    }

    /**
     * Looks for it, to read an X server of choice.
     *
     * @param display which, as in DISPLAY; means nothing on other platforms
     */
    public Grabbers(boolean drawPointer, String display) {
        this.platform = Platform.current();
        this.display = display;
        this.drawPointer = drawPointer;
        this.whyNoDevice = loadDevice(platform);
    }

    private static Map<String, String> x11Libraries() {
        Map<String, String> libraries = new LinkedHashMap<>();
        libraries.put("libxcb.so.1", "libxcb1");
        libraries.put("libxcb-shm.so.0", "libxcb-shm0");
        libraries.put("libasound.so.2", "libasound2");
        libraries.put("libpulse.so.0", "libpulse0");
        return libraries;
    }

    /** Why the slow way is taken, for people; empty if it is not. */
    public Optional<String> slowBecause() {
        return whyNoDevice;
    }

    /** Opens a monitor. */
    public Grabber open(Screen screen) throws GrabFailedException {
        if (whyNoDevice.isPresent()) {
            return new RobotGrabber(screen);
        }
        return new FfmpegGrabber(platform, screen, display, drawPointer);
    }

    private static Optional<String> loadDevice(Platform platform) {
        try {
            Loader.load(avutil.class);
            avutil.av_log_set_level(avutil.AV_LOG_QUIET); // its chatter is not for people; failures are told by us
            Loader.load(avdevice.class);
            avdevice.avdevice_register_all();
        } catch (LinkageError e) {
            return Optional.of(missing(platform, String.valueOf(e.getMessage())));
        }
        String name =
                switch (platform) {
                    case X11 -> "x11grab";
                    case WINDOWS -> "gdigrab";
                    case MACOS -> "avfoundation";
                };
        AVInputFormat found = avformat.av_find_input_format(name);
        if (found == null || found.isNull()) {
            return Optional.of(missing(platform, "FFmpeg has no " + name));
        }
        return Optional.empty();
    }

    /** One sentence; names the package to install where the loader's message names a library. */
    static String missing(Platform platform, String message) {
        String slow = "Reading the screen the slow way, through Java";
        if (platform != Platform.X11) {
            return slow + " (" + message + ").";
        }
        for (Map.Entry<String, String> library : X11_LIBRARIES.entrySet()) {
            if (message.contains(library.getKey())) {
                return slow + ", since " + library.getKey() + " is missing (Debian: apt-get install "
                        + library.getValue() + ").";
            }
        }
        return slow + " (" + message + "; Debian: apt-get install " + String.join(" ", X11_LIBRARIES.values()) + ").";
    }
}
