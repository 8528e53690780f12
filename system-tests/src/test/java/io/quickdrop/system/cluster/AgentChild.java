package io.quickdrop.system.cluster;

import io.quickdrop.agent.identity.AgentKeys;
import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.identity.PrivateFolder;
import io.quickdrop.agent.journal.FileCommandJournal;
import io.quickdrop.agent.link.PinnedConnector;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.driver.agent.Credentials;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.link.Rotation;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.LivingDesktop;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An agent to be killed: the real one's key, trust, connections and journal of commands, before a screen that is none. Takes
 * its id, its folder, an enrolment code, and each server's address and pin.
 */
final class AgentChild {
    /** Monitors that it claims to have. */
    static final int MONITORS = 16;
    /** In its folder: what a {@link Witness} wrote. */
    static final String WITNESS = "witness";

    private AgentChild() {}

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        Path home = Path.of(words.get(1));
        Map<ServerAddress, PinnedConnector> servers = new LinkedHashMap<>();
        for (int i = 3; i < words.size(); i += 2) {
            ServerAddress server = ServerAddress.parse(words.get(i));
            servers.put(server, new PinnedConnector(server, ServerPin.parse(words.get(i + 1))));
        }
        PrivateFolder folder = new PrivateFolder(home);
        Witness witness = new Witness(home.resolve(WITNESS), new FileCommandJournal(folder, words.get(0)));
        LivingDesktop desktop =
                new LivingDesktop(words.get(0), MONITORS, new GeneratedScreen(4, 3, 2, 7), witness::screenshot);
        Rotation<ServerAddress> rotation = DesktopAgent.rotation(new ArrayList<>(servers.keySet()), server -> server);
        DesktopAgent agent = new DesktopAgent(
                desktop,
                credentials(folder, words.get(2)),
                events ->
                        Objects.requireNonNull(servers.get(rotation.present())).connect(events),
                rotation,
                new ThreadWorkers(),
                PaceBounds.defaults(),
                witness);
        desktop.draw(agent, 5);
        agent.outcome().toCompletableFuture().join();
    }

    private static Credentials credentials(PrivateFolder folder, String code) throws IdentityException {
        AgentKeys keys = AgentKeys.in(folder);
        return new Credentials() {
            @Override
            public byte[] publicKey() {
                return keys.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
                return keys.sign(message);
            }

            @Override
            public Optional<String> enrolmentCode() {
                return Optional.of(code);
            }
        };
    }
}
