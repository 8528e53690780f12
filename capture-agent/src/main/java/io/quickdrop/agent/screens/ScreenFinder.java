package io.quickdrop.agent.screens;

import java.awt.AWTError;
import java.awt.GraphicsConfiguration;
import java.awt.GraphicsDevice;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Finds the monitors, or says in a sentence why there are none. Safe on any thread. */
public final class ScreenFinder {
    private final Map<String, String> environment;
    private final Platform platform;
    private final Supplier<List<Screen>> toolkit;
    private final Supplier<Map<Rectangle, String>> names;

    /** Looks at this machine. */
    public ScreenFinder() {
        this(System.getenv(), Platform.current(), ScreenFinder::fromToolkit, MonitorNames::ofXServer);
    }

    /**
     * Looks at a machine of choice.
     *
     * @param environment its environment variables
     * @param toolkit asks the window system; may throw what AWT throws
     * @param names what an X server calls its monitors, by place and size
     */
    ScreenFinder(
            Map<String, String> environment,
            Platform platform,
            Supplier<List<Screen>> toolkit,
            Supplier<Map<Rectangle, String>> names) {
        this.environment = environment;
        this.platform = platform;
        this.toolkit = toolkit;
        this.names = names;
    }

    /**
     * Every monitor, the primary one first, the others from left to right and top to bottom.
     *
     * @throws ScreensUnavailableException if there is none to read
     */
    public List<Screen> find() throws ScreensUnavailableException {
        if (platform == Platform.X11) {
            refuseWayland();
        }
        List<Screen> found;
        try {
            found = toolkit.get();
        } catch (HeadlessException e) {
            throw new ScreensUnavailableException(headless());
        } catch (AWTError e) {
            throw new ScreensUnavailableException("The X server of DISPLAY=" + display()
                    + " can't be reached. Check that it runs, that DISPLAY names it (echo $DISPLAY in a terminal on that"
                    + " desktop), and that this user may use it (XAUTHORITY, or: xhost +si:localuser:" + user() + ").");
        } catch (LinkageError e) {
            throw new ScreensUnavailableException("This Java runtime has no support for screens (" + e.getMessage()
                    + "). Install a full one (Debian: apt-get install openjdk-17-jre).");
        }
        if (found.isEmpty()) {
            throw new ScreensUnavailableException(
                    "No monitor was found. Connect one, or log in at the screen, and try again.");
        }
        return numbered(platform == Platform.X11 ? named(found) : found);
    }

    /**
     * Whether monitors came, went or moved since they were found; cheap, for asking now and then. False also where it can't be
     * found out just now.
     */
    public boolean hasChangedSince(List<Screen> known) {
        try {
            return !areas(toolkit.get()).equals(areas(known));
        } catch (HeadlessException | AWTError e) {
            return false;
        }
    }

    private static Set<Rectangle> areas(List<Screen> screens) {
        Set<Rectangle> areas = new HashSet<>();
        screens.forEach(screen -> areas.add(area(screen)));
        return areas;
    }

    private static Rectangle area(Screen screen) {
        return new Rectangle(screen.x(), screen.y(), screen.width(), screen.height());
    }

    private List<Screen> named(List<Screen> found) {
        Map<Rectangle, String> known = names.get();
        return found.stream()
                .map(screen -> new Screen(
                        screen.index(),
                        known.getOrDefault(area(screen), screen.name()),
                        screen.x(),
                        screen.y(),
                        screen.width(),
                        screen.height(),
                        screen.primary()))
                .toList();
    }

    private void refuseWayland() throws ScreensUnavailableException {
        boolean wayland = "wayland".equalsIgnoreCase(environment.getOrDefault("XDG_SESSION_TYPE", ""))
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
        if (wayland && display().isEmpty()) {
            throw new ScreensUnavailableException(
                    "This is a Wayland session, and Wayland lets no program read the"
                            + " screen this way. Log out, choose an X11 session (\"on Xorg\") at the login screen, and try again.");
        }
        if (display().isEmpty()) {
            throw new ScreensUnavailableException(
                    "There is no screen to read: DISPLAY is not set. Run this in a terminal"
                            + " on the desktop, or name its X server, for example: DISPLAY=:0 ./quickdrop agent …");
        }
    }

    /**
     * What a person should know although screens were found: under Wayland, XWayland answers for the X server and shows
     * only the windows of X programs.
     */
    public List<String> warnings() {
        boolean wayland = "wayland".equalsIgnoreCase(environment.getOrDefault("XDG_SESSION_TYPE", ""));
        if (platform == Platform.X11 && wayland) {
            return List.of("This is a Wayland session: only windows of X programs can be seen, the rest stays black."
                    + " Choose an X11 session (\"on Xorg\") at the login screen to share everything.");
        }
        return List.of();
    }

    private String headless() {
        return switch (platform) {
            case X11 ->
                "This Java runtime shows no screens: it is a headless one, or started with java.awt.headless."
                        + " Install a full one (Debian: apt-get install openjdk-17-jre).";
            case WINDOWS ->
                "There is no desktop to read: this runs as a service, or over a remote shell. Run it in a"
                        + " window of the logged-in user.";
            case MACOS ->
                "There is no desktop to read: run this in Terminal as the user who is logged in at the screen.";
        };
    }

    private String display() {
        return environment.getOrDefault("DISPLAY", "");
    }

    private static String user() {
        return System.getProperty("user.name", "");
    }

    private static List<Screen> numbered(List<Screen> found) {
        List<Screen> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing((Screen screen) -> !screen.primary())
                .thenComparingInt(Screen::x)
                .thenComparingInt(Screen::y));
        List<Screen> numbered = new ArrayList<>();
        for (Screen screen : sorted) {
            numbered.add(new Screen(
                    numbered.size(),
                    screen.name(),
                    screen.x(),
                    screen.y(),
                    screen.width(),
                    screen.height(),
                    screen.primary()));
        }
        return numbered;
    }

    private static List<Screen> fromToolkit() {
        GraphicsEnvironment environment = GraphicsEnvironment.getLocalGraphicsEnvironment();
        GraphicsDevice primary = environment.getDefaultScreenDevice();
        List<Screen> screens = new ArrayList<>();
        for (GraphicsDevice device : environment.getScreenDevices()) {
            GraphicsConfiguration configuration = device.getDefaultConfiguration();
            Rectangle area = configuration.getBounds();
            // AWT counts in scaled units; grabbers count pixels.
            AffineTransform scale = configuration.getDefaultTransform();
            screens.add(new Screen(
                    0,
                    device.getIDstring().replaceFirst("^[\\\\:]+", ""),
                    (int) Math.round(area.x * scale.getScaleX()),
                    (int) Math.round(area.y * scale.getScaleY()),
                    (int) Math.round(area.width * scale.getScaleX()),
                    (int) Math.round(area.height * scale.getScaleY()),
                    device.equals(primary)));
        }
        return screens;
    }
}
