package io.quickdrop.server.forward;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import io.quickdrop.relay.driver.SessionRouter;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.server.recordings.Servers.Server;
import io.quickdrop.server.recordings.Whereabouts;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Connects the uploaders of this server with the servers that have their sessions: one link each uploader and server, opened
 * when it is needed. Safe on any thread.
 */
public final class SessionSwitch {
    /** Looks a session up; may wait for the catalogue. */
    public interface Directory {
        /** Which server is to be asked about the session. */
        Whereabouts session(SessionId id) throws StorageException;
    }

    /** Knows how another server is reached in the name of a device. */
    public interface Ways {
        /**
         * The way to the server, which treats what comes as if the device had come to it.
         *
         * @param device as relays name it; it has shown its key here
         */
        Connector to(Server server, String device);
    }

    private final Directory directory;
    private final Ways ways;
    private final Workers workers;

    /** Looks up and connects by these. */
    public SessionSwitch(Directory directory, Ways ways, Workers workers) {
        this.directory = directory;
        this.ways = ways;
        this.workers = workers;
    }

    /** For one connection: lets its sessions be put through. */
    public PeerExtension extension() {
        Line line = new Line();
        return new PeerExtension() {
            @Override
            public boolean message(Peer peer, Message message) {
                return false;
            }

            @Override
            public Optional<SessionRouter> router() {
                return Optional.of(line);
            }
        };
    }

    /** What one uploader's connection is connected with. */
    private final class Line implements SessionRouter {
        private final Map<String, OwnerLink> links = new ConcurrentHashMap<>();

        @Override
        public void find(Peer peer, SessionId session, Consumer<Route> answer) {
            workers.storage().execute(() -> answer.accept(route(peer, session)));
        }

        private Route route(Peer peer, SessionId session) {
            try {
                Whereabouts where = directory.session(session);
                if (where instanceof Whereabouts.With with) {
                    return new Route.Through(link(peer, with.server()));
                }
                if (where instanceof Whereabouts.Away away) {
                    return new Route.Closed(ErrorReason.STORAGE_FAILED, away.sentence());
                }
                return new Route.Here();
            } catch (StorageException e) {
                return new Route.Closed(
                        ErrorReason.STORAGE_FAILED,
                        "who has session " + session + " is not known now: " + e.getMessage());
            }
        }

        private OwnerLink link(Peer peer, Server server) {
            return links.computeIfAbsent(server.id(), id -> {
                OwnerLink fresh = new OwnerLink(peer, server.name(), workers);
                ways.to(server, peer.identity().device()).connect(fresh.events());
                return fresh;
            });
        }
    }
}
