package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A desktop without a screen, captured in simulated time as often as the agent says. */
final class DrawnDesktop implements Desktop, Credentials {
    private final VirtualTime time;
    private final KeyPair keys;
    /** Bytes of a frame; 0 for a screen at rest. */
    int frameBytes = 20_000;

    boolean throwing;
    List<Monitor> monitors = List.of(monitor(0), monitor(1));
    final List<CapturePlan> plans = new ArrayList<>();
    final List<List<String>> watched = new ArrayList<>();
    final List<AgentView> views = new ArrayList<>();
    final List<ScreenshotReply> screenshots = new ArrayList<>();
    final List<Boolean> wholes = new ArrayList<>();
    private @Nullable DesktopAgent agent;

    DrawnDesktop(VirtualTime time) {
        this.time = time;
        try {
            keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static Monitor monitor(int index) {
        return new Monitor(index, "screen " + index, 1920 * index, 0, 1920, 1080, index == 0);
    }

    /** Captures for this agent from now on. */
    void captureFor(DesktopAgent its) {
        agent = its;
        captureAll();
    }

    CapturePlan plan() {
        return plans.isEmpty() ? CapturePlan.NOTHING : plans.get(plans.size() - 1);
    }

    AgentView view() {
        return views.get(views.size() - 1);
    }

    /** One picture of this many bytes. */
    static Capture picture(long micros, int bytes) {
        Tile tile = new Tile(0, 0, 64, 64, ByteBuffer.allocate(bytes));
        return new Capture(
                micros, 1000, 1920, 1080, false, List.of(new Capture.Batch(PictureCodec.JPEG, 75, List.of(tile))));
    }

    private void captureAll() {
        DesktopAgent its = agent();
        for (StreamKey stream : plan().streams()) {
            if (stream.rendition() == Rendition.TILES) {
                its.turn(stream.screen(), stream.rendition()).ifPresent(this::capture);
            }
        }
        time.afterMillis(its.pace().interval().toNanos() / 1e6, this::captureAll);
    }

    private void capture(Turn turn) {
        if (frameBytes == 0 && !turn.whole()) {
            turn.nothingChanged();
        } else {
            wholes.add(turn.whole());
            turn.send(picture(agent().nowMicros(), Math.max(frameBytes, 1)));
        }
    }

    private DesktopAgent agent() {
        if (agent == null) {
            throw new AssertionError("captures for nobody");
        }
        return agent;
    }

    @Override
    public ClientInfo info() {
        List<String> capabilities = List.of("screenshot", "config", "start_capture", "stop_capture");
        return new ClientInfo(
                ClientInfo.DESKTOP, "desk", "Desk", "host", monitors, List.of("jpeg", "png"), capabilities);
    }

    @Override
    public void plan(CapturePlan plan) {
        if (throwing) {
            throw new IllegalStateException("the screen is gone");
        }
        plans.add(plan);
    }

    @Override
    public void screenshot(int screen, ScreenshotReply reply) {
        screenshots.add(reply);
    }

    @Override
    public void watchers(List<String> names) {
        watched.add(names);
    }

    @Override
    public void status(AgentView view) {
        views.add(view);
    }

    @Override
    public byte[] publicKey() {
        return keys.getPublic().getEncoded();
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    boolean isMine(byte[] message, byte[] signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(keys.getPublic());
        signature.update(message);
        return signature.verify(signed);
    }

    @Override
    public Optional<String> enrolmentCode() {
        return Optional.of("K7QD-2M9X");
    }
}
