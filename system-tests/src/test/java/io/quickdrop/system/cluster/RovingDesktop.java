package io.quickdrop.system.cluster;

import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.driver.agent.Credentials;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.link.Rotation;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.peers.AgentKeyPair;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.LivingDesktop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A desktop by {@code relay-core}'s own agent that knows every instance, and goes on at another one when it loses its own.
 * Comes in where the instances say that they are.
 *
 * <p>Safe on any thread.
 */
final class RovingDesktop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LivingDesktop desktop;
    private final ThreadWorkers workers = new ThreadWorkers();
    private final DesktopAgent agent;

    private RovingDesktop(
            LivingDesktop desktop, Credentials credentials, List<ClusterInstance> servers, int framesPerSecond) {
        this.desktop = desktop;
        Rotation<ClusterInstance> rotation = DesktopAgent.rotation(servers, ClusterInstance::name);
        agent = new DesktopAgent(
                desktop,
                credentials,
                events -> new TestConnector(rotation.present().publicDoor(), Upgrade.agent()).connect(events),
                rotation,
                workers,
                PaceBounds.defaults());
        desktop.draw(agent, framesPerSecond);
    }

    /** Enrolled at the first of the instances, where it goes first. */
    static RovingDesktop enrolled(String clientId, List<ClusterInstance> servers, GeneratedScreen screen) {
        AgentKeyPair key = new AgentKeyPair();
        String code = Enrolment.offer(servers.get(0).door()).code();
        RovingDesktop made = new RovingDesktop(
                new LivingDesktop(clientId, 1, screen, monitor -> {}), key.credentials(code), servers, 10);
        await().atMost(PATIENCE).until(made.desktop::isRegistered);
        return made;
    }

    /** The same instances with this one at the head. */
    static List<ClusterInstance> from(int first, List<ClusterInstance> servers) {
        List<ClusterInstance> turned = new ArrayList<>(servers);
        Collections.rotate(turned, -first);
        return turned;
    }

    /** Its name in the records. */
    String clientId() {
        return desktop.clientId();
    }

    /** Returns when it is at this instance. */
    void awaitOn(ClusterInstance instance) {
        await().atMost(PATIENCE).until(() -> instance.owns(clientId()));
    }

    /** As {@link LivingDesktop#pause}. */
    void pause() {
        desktop.pause();
    }

    /** As {@link LivingDesktop#resume}. */
    void resume() {
        desktop.resume();
    }

    /** What every viewer must come to see once it pauses. */
    Picture truth() {
        return desktop.truth();
    }

    /** The file of each screenshot. */
    byte[] screenshot() {
        return desktop.screenshot();
    }

    @Override
    public void close() {
        desktop.close();
        agent.close();
        workers.close();
    }
}
