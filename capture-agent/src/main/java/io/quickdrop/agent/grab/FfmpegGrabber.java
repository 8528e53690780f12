package io.quickdrop.agent.grab;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;

import io.quickdrop.agent.screens.Platform;
import io.quickdrop.agent.screens.Screen;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;

/**
 * Reads a monitor through FFmpeg's own devices by JavaCV, as raw rows: x11grab, gdigrab or avfoundation.
 *
 * <p>The device is told to deliver as fast as it is asked, since it would make up for a pause with a burst of old times;
 * whoever calls {@link #grab} sets the pace.
 */
final class FfmpegGrabber implements Grabber {
    /** More than anybody asks for: the device never waits. */
    private static final String NO_PACE = "1000";

    private final Platform platform;
    private final Screen screen;
    private final FFmpegFrameGrabber device;

    /**
     * Opens the device.
     *
     * @param drawPointer whether the device may put the pointer into the pictures, where it can
     */
    FfmpegGrabber(Platform platform, Screen screen, String display, boolean drawPointer) throws GrabFailedException {
        this.platform = platform;
        this.screen = screen;
        this.device = new FFmpegFrameGrabber(source(platform, screen, display));
        device.setFormat(format(platform));
        device.setImageMode(FrameGrabber.ImageMode.RAW);
        options(platform, screen, drawPointer).forEach(device::setOption);
        // FFmpeg reads some pictures to guess the rate, and would deliver those first.
        device.setOption("fflags", "nobuffer");
        device.setOption("fpsprobesize", "0");
        try {
            device.start();
        } catch (FFmpegFrameGrabber.Exception e) {
            close();
            throw new GrabFailedException(refusal(platform, screen), e);
        }
    }

    private static String format(Platform platform) {
        return switch (platform) {
            case X11 -> "x11grab";
            case WINDOWS -> "gdigrab";
            case MACOS -> "avfoundation";
        };
    }

    private static String source(Platform platform, Screen screen, String display) {
        return switch (platform) {
            case X11 -> display + "+" + screen.x() + "," + screen.y();
            case WINDOWS -> "desktop";
            case MACOS -> "Capture screen " + screen.index() + ":none";
        };
    }

    private static Map<String, String> options(Platform platform, Screen screen, boolean drawPointer) {
        String size = screen.width() + "x" + screen.height();
        String pointer = drawPointer ? "1" : "0";
        return switch (platform) {
            case X11 -> Map.of("framerate", NO_PACE, "video_size", size, "draw_mouse", "0");
            case WINDOWS ->
                Map.of(
                        "framerate", NO_PACE,
                        "video_size", size,
                        "offset_x", String.valueOf(screen.x()),
                        "offset_y", String.valueOf(screen.y()),
                        "draw_mouse", pointer);
            case MACOS -> Map.of("framerate", "60", "pixel_format", "bgr0", "capture_cursor", pointer);
        };
    }

    private static String refusal(Platform platform, Screen screen) {
        return switch (platform) {
            case X11 ->
                "The X server does not let " + screen.name() + " be read (" + screen.width() + " × " + screen.height()
                        + " at " + screen.x() + ", " + screen.y() + ").";
            case WINDOWS ->
                "Windows does not let " + screen.name()
                        + " be read. Check that this runs in the desktop session of the logged-in user, not as a service.";
            case MACOS ->
                "macOS does not let the screen be recorded. Allow it for the program that runs this (Terminal):"
                        + " System Settings, Privacy & Security, Screen Recording; then quit that program and start again.";
        };
    }

    @Override
    public Pixels grab() throws GrabFailedException {
        Frame frame;
        try {
            frame = device.grabImage();
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new GrabFailedException(
                    "Reading " + screen.name() + " failed: its size has changed, or it is gone.", e);
        }
        if (frame == null || !(frame.opaque instanceof AVFrame picture)) {
            throw new GrabFailedException(screen.name() + " gives no more pictures.");
        }
        if (picture.format() != AV_PIX_FMT_BGR0 && picture.format() != AV_PIX_FMT_BGRA) {
            throw new GrabFailedException("The screen has a colour format that is not understood here (FFmpeg's number "
                    + picture.format() + "); set it to 24 or 32 bits a pixel.");
        }
        int strideBytes = picture.linesize(0);
        long length = (long) strideBytes * picture.height();
        ByteBuffer bytes = new BytePointer(picture.data(0)).capacity(length).asByteBuffer();
        return new Pixels(picture.width(), picture.height(), strideBytes, bytes.order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public String name() {
        return format(platform);
    }

    @Override
    public boolean showsPointer() {
        return platform != Platform.X11; // this build of FFmpeg has no XFixes
    }

    @Override
    public void close() {
        try {
            device.release();
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new IllegalStateException("FFmpeg can't let go of " + screen.name(), e);
        }
    }
}
