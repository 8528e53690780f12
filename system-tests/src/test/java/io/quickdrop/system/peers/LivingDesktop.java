package io.quickdrop.system.peers;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.driver.agent.Capture;
import io.quickdrop.relay.driver.agent.Desktop;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.agent.ScreenshotReply;
import io.quickdrop.relay.driver.agent.Turn;
import io.quickdrop.system.display.Picture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A desktop without a screen behind {@code relay-core}'s own agent, which finds its way to servers by itself: draws tiles at
 * no cost while somebody looks, and knows at every moment what a viewer should see.
 *
 * <p>Safe on any thread.
 */
public final class LivingDesktop implements Desktop, AutoCloseable {
    private final String clientId;
    private final int monitors;
    private final GeneratedScreen screen;
    private final IntConsumer onScreenshot;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Object lock = new Object();
    /** Pictures so far, and which of them was sent whole; guarded by the lock. */
    private long drawn;

    private long sentWhole = -1;
    private volatile boolean paused;
    private volatile AgentView.State state = AgentView.State.WAITING;

    /**
     * Draws nothing yet.
     *
     * @param monitors how many it claims to have; pictures are drawn for the first one, screenshots taken of all
     * @param onScreenshot told the monitor before each screenshot, on the agent's thread
     */
    public LivingDesktop(String clientId, int monitors, GeneratedScreen screen, IntConsumer onScreenshot) {
        this.clientId = clientId;
        this.monitors = monitors;
        this.screen = screen;
        this.onScreenshot = onScreenshot;
    }

    /** Sends pictures while somebody looks and there is room. */
    public LivingDesktop draw(DesktopAgent agent, int framesPerSecond) {
        Wire.daemon("living-" + clientId, () -> drawOn(agent, framesPerSecond));
        return this;
    }

    /** Its name in the servers' records. */
    public String clientId() {
        return clientId;
    }

    /** Draws nothing new from now on; {@link #truth} is what all viewers must come to see. */
    public void pause() {
        synchronized (lock) {
            paused = true;
        }
    }

    /** Goes on. */
    public void resume() {
        paused = false;
    }

    /** What is on its screen. */
    public Picture truth() {
        synchronized (lock) {
            return screen.picture();
        }
    }

    /** Whether a server has it now, as far as it knows. */
    public boolean isRegistered() {
        return state == AgentView.State.IDLE || state == AgentView.State.CAPTURING;
    }

    /** The file of each screenshot. */
    public byte[] screenshot() {
        ByteBuffer file = screen.thumbnail().tiles().get(0).bytes().duplicate();
        byte[] bytes = new byte[file.remaining()];
        file.get(bytes);
        return bytes;
    }

    @Override
    public ClientInfo info() {
        List<Monitor> all = IntStream.range(0, monitors)
                .mapToObj(i -> new Monitor(
                        i, "generated " + i, i * screen.width(), 0, screen.width(), screen.height(), i == 0))
                .toList();
        return new ClientInfo(
                ClientInfo.DESKTOP,
                clientId,
                "Desk " + clientId,
                "test",
                all,
                List.of(PictureCodec.PNG.wireName(), PictureCodec.JPEG.wireName()),
                List.of("screenshot", "config", "start_capture", "stop_capture"));
    }

    @Override
    public void plan(CapturePlan plan) {
        // turns say what is wanted
    }

    @Override
    public void screenshot(int monitor, ScreenshotReply reply) {
        onScreenshot.accept(monitor);
        GeneratedScreen.Batch small = screen.thumbnail();
        reply.taken(small.width(), small.height(), small.tiles().get(0).bytes().duplicate());
    }

    @Override
    public void status(AgentView view) {
        state = view.state();
    }

    @Override
    public void close() {
        over.countDown();
    }

    private void drawOn(DesktopAgent agent, int framesPerSecond) {
        try {
            while (!over.await(1_000_000 / framesPerSecond, TimeUnit.MICROSECONDS)) {
                synchronized (lock) {
                    if (!paused) {
                        screen.draw();
                        drawn++;
                    }
                    agent.turn(0, Rendition.TILES).ifPresent(turn -> sendTiles(agent, turn));
                    agent.turn(0, Rendition.WHOLE).ifPresent(turn -> sendWhole(agent, turn));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendTiles(DesktopAgent agent, Turn turn) {
        if (turn.whole()) {
            screen.touchAll();
        }
        if (screen.isClean()) {
            turn.nothingChanged();
        } else if (!send(agent, turn, screen.changed())) {
            screen.touchAll();
        }
    }

    private void sendWhole(DesktopAgent agent, Turn turn) {
        if (drawn == sentWhole && !turn.whole()) {
            turn.nothingChanged();
        } else if (send(agent, turn, screen.whole())) {
            sentWhole = drawn;
        }
    }

    private static boolean send(DesktopAgent agent, Turn turn, GeneratedScreen.Batch batch) {
        Capture.Batch tiles = new Capture.Batch(PictureCodec.PNG, 100, batch.tiles());
        return turn.send(new Capture(agent.nowMicros(), 0, batch.width(), batch.height(), false, List.of(tiles)));
    }
}
