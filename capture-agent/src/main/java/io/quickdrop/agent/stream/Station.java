package io.quickdrop.agent.stream;

import io.quickdrop.agent.encode.PngFile;
import io.quickdrop.agent.grab.GrabFailedException;
import io.quickdrop.agent.grab.Grabber;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.screens.Screen;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.driver.agent.Desktop;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.agent.ScreenshotReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This machine as the agent shows it: its screens, each with a {@link CaptureLoop}. Safe on any thread. */
public final class Station implements Desktop, AutoCloseable {
    /** Screenshots that wait; more are refused at once. */
    private static final int MAX_SCREENSHOTS = 4;

    /**
     * Who it is.
     *
     * @param clientId stable and unique at the server
     * @param friendlyName for people
     * @param hostname of the machine
     */
    public record Name(String clientId, String friendlyName, String hostname) {}

    /** Hears what a person wants to know. Called on the agent's thread; must not block. */
    public interface Listener {
        /** Who looks has changed. */
        void watchers(List<String> names);

        /** How it goes. */
        void status(AgentView view);

        /** The server names the servers of its store. */
        default void neighbours(List<Instance> instances) {}
    }

    private final Name name;
    private final Source source;
    private final boolean drawPointer;
    private final Ceiling ceiling;
    private final Listener listener;
    private final ExecutorService screenshots;

    private List<Screen> screens;
    private List<CaptureLoop> loops = List.of();
    private CapturePlan plan = CapturePlan.NOTHING;
    private @Nullable DesktopAgent agent;

    /**
     * Captures nothing until it is {@link #start started} and someone looks.
     *
     * @param drawPointer whether the mouse pointer shall be seen
     */
    public Station(
            Name name, List<Screen> screens, Source source, boolean drawPointer, Ceiling ceiling, Listener listener) {
        this.name = name;
        this.screens = List.copyOf(screens);
        this.source = source;
        this.drawPointer = drawPointer;
        this.ceiling = ceiling;
        this.listener = listener;
        this.screenshots =
                new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_SCREENSHOTS), task -> {
                    Thread thread = new Thread(task, "screenshot");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Captures for this agent from now on. */
    public synchronized void start(DesktopAgent owner) {
        agent = owner;
        openLoops(owner);
    }

    /** The monitors are others now: the server is told, and capturing begins anew. */
    public synchronized void replaceScreens(List<Screen> found) {
        screens = List.copyOf(found);
        if (agent != null) {
            openLoops(agent);
            agent.registerAnew();
        }
    }

    /** The monitors that it shows. */
    public synchronized List<Screen> screens() {
        return screens;
    }

    private void openLoops(DesktopAgent owner) {
        loops.forEach(CaptureLoop::close);
        List<CaptureLoop> opened = new ArrayList<>();
        for (Screen screen : screens) {
            CaptureLoop loop = new CaptureLoop(screen, source, owner, drawPointer ? new Pointer() : null, ceiling);
            loop.plan(plan);
            loop.start();
            opened.add(loop);
        }
        loops = opened;
    }

    @Override
    public synchronized ClientInfo info() {
        List<Monitor> monitors = screens.stream()
                .map(screen -> new Monitor(
                        screen.index(),
                        screen.name(),
                        screen.x(),
                        screen.y(),
                        screen.width(),
                        screen.height(),
                        screen.primary()))
                .toList();
        return new ClientInfo(
                ClientInfo.DESKTOP,
                name.clientId,
                name.friendlyName,
                name.hostname,
                monitors,
                List.of(PictureCodec.JPEG.wireName(), PictureCodec.WEBP.wireName()),
                List.of("screenshot", "config", "start_capture", "stop_capture"));
    }

    @Override
    public synchronized void plan(CapturePlan wanted) {
        plan = wanted;
        loops.forEach(loop -> loop.plan(wanted));
    }

    @Override
    public void screenshot(int index, ScreenshotReply reply) {
        Optional<Screen> found =
                screens().stream().filter(screen -> screen.index() == index).findFirst();
        if (found.isEmpty()) {
            reply.failed("there is no monitor " + index + " here");
            return;
        }
        try {
            screenshots.execute(() -> take(found.get(), reply));
        } catch (RejectedExecutionException e) {
            reply.failed("this desktop is still busy with " + MAX_SCREENSHOTS + " screenshots");
        }
    }

    /** With a grabber of its own, since that of the loop is the loop's. */
    private void take(Screen screen, ScreenshotReply reply) {
        try (Grabber grabber = source.open(screen)) {
            Pixels pixels = grabber.grab();
            if (drawPointer && !grabber.showsPointer()) {
                new Pointer().draw(pixels, screen);
            }
            reply.taken(pixels.width(), pixels.height(), PngFile.of(pixels));
        } catch (GrabFailedException | RuntimeException e) {
            reply.failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void watchers(List<String> names) {
        listener.watchers(names);
    }

    @Override
    public void status(AgentView view) {
        listener.status(view);
    }

    @Override
    public void neighbours(List<Instance> instances) {
        listener.neighbours(instances);
    }

    /** Captures nothing more. */
    @Override
    public synchronized void close() {
        loops.forEach(CaptureLoop::close);
        loops = List.of();
        screenshots.shutdown();
    }
}
