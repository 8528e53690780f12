package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.UploadRow;
import io.quickdrop.server.recordings.Servers.Server;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a server goes on with a session that another one received: once that one is dead, and only where the files of both are in
 * the same folder.
 *
 * <p>A server that is taken for dead may only be frozen, with the part file open: it wakes up and writes into it what nobody
 * acknowledges, since its commits name an epoch that is over. So its file is not written to and not renamed either: a descriptor
 * follows a rename. The durable bytes are copied into a file of the taker's own, which the catalogue then names, and whatever
 * the sleeper still writes ends in a file without a name. The name of a part file says whose it is.
 */
final class TakeOver {
    /** A session in a file of this server's own. */
    record Copied(UploadRow row, PartFile part) {}

    private TakeOver() {}

    /** Refuses a session that is another server's to receive. */
    static void requireAllowed(Facilities facilities, UploadRow row) throws StorageException {
        if (facilities.uploads().isMine(row)) {
            return;
        }
        Optional<Server> owner = facilities.servers().find(row.owner());
        if (!facilities.uploads().isHere(row)
                || (owner.isPresent() && owner.get().alive())) {
            throw elsewhere(facilities, row);
        }
        requireBytes(facilities, row);
    }

    /** Who receives the session, or may go on with it. */
    static Whereabouts whereabouts(Facilities facilities, UploadRow row) throws StorageException {
        if (facilities.uploads().isMine(row)) {
            return new Whereabouts.Here();
        }
        List<Server> servers = facilities.servers().list();
        Optional<Server> owner = servers.stream()
                .filter(server -> server.id().equals(row.owner()) && server.alive() && isAnother(facilities, server))
                .findFirst();
        if (owner.isPresent()) {
            return new Whereabouts.With(owner.get());
        }
        return facilities.uploads().isHere(row)
                ? new Whereabouts.Here()
                : sharing(facilities, servers, row.storage())
                        .orElse(new Whereabouts.Away(
                                String.valueOf(elsewhere(facilities, row).getMessage())));
    }

    /** Who has the recording's file. */
    static Whereabouts whereabouts(Facilities facilities, RecordingRow row) throws StorageException {
        if (facilities.recordings().isHere(row)) {
            return new Whereabouts.Here();
        }
        List<Server> servers = facilities.servers().list();
        return sharing(facilities, servers, row.storage())
                .orElseGet(() ->
                        new Whereabouts.Away("the recording " + row.fileName() + " is in the folder of the server "
                                + keeper(servers, row).map(Server::name).orElse(row.owner())
                                + ", which is away; it is here again when that server is back"));
    }

    /** Who has the files of all parts of a take; they are joined where they are. */
    static Whereabouts whereabouts(Facilities facilities, String takeId, List<RecordingRow> parts)
            throws StorageException {
        if (parts.isEmpty() || parts.stream().allMatch(facilities.recordings()::isHere)) {
            return new Whereabouts.Here();
        }
        String storage = parts.get(0).storage();
        return parts.stream().allMatch(part -> part.storage().equals(storage))
                ? whereabouts(facilities, parts.get(0))
                : new Whereabouts.Away(
                        "the parts of the take " + takeId
                                + " are in folders of several servers, and are joined only where they are in one: download them one by one");
    }

    /** The server that is shown for a recording: one that has its file now, else the one that had it last. */
    static Optional<Server> keeper(List<Server> servers, RecordingRow row) {
        return servers.stream()
                .filter(server -> server.storage().equals(row.storage()) && server.alive())
                .findFirst()
                .or(() -> servers.stream()
                        .filter(server -> server.id().equals(row.owner()))
                        .findFirst());
    }

    private static Optional<Whereabouts> sharing(Facilities facilities, List<Server> servers, String storage) {
        return servers.stream()
                .filter(server -> server.storage().equals(storage) && server.alive() && isAnother(facilities, server))
                .findFirst()
                .map(Whereabouts.With::new);
    }

    private static boolean isAnother(Facilities facilities, Server server) {
        return !server.id().equals(facilities.place().instance());
    }

    /** Says where the session is, and what can be done. */
    static StorageException elsewhere(Facilities facilities, UploadRow row) throws StorageException {
        Optional<Server> owner = facilities.servers().find(row.owner());
        String name = owner.map(Server::name).orElse(row.owner());
        boolean alive = owner.isPresent() && owner.get().alive();
        return new StorageException(
                Kind.FAILED,
                alive
                        ? "session " + row.id() + " is received by the server " + name
                                + "; connect again to be put through"
                        : "session " + row.id() + " is in the folder of the server " + name
                                + ", which is away; its " + row.committedOffset()
                                + " bytes are safe there, and it goes on when that server is back");
    }

    /** Whether the session's file is one that only this server writes. */
    static boolean isOwnFile(Facilities facilities, UploadRow row) {
        return row.partFile().startsWith(facilities.place().filePrefix());
    }

    /**
     * Puts the durable bytes into a new file of this server's own.
     *
     * @param row this server's by now, of a session that is still being received
     */
    static Copied copy(Facilities facilities, UploadRow row) throws StorageException {
        requireBytes(facilities, row);
        facilities.free().require(row.committedOffset());
        PartFile part;
        try {
            part = PartFile.copied(facilities, row.partFile(), row.committedOffset());
        } catch (IOException e) {
            throw failed(facilities, "copy " + row.partFile(), e);
        }
        if (!name(facilities, row, part)) {
            part.closeAndRemove();
            throw Completion.fenced(row);
        }
        UploadRow mine = facilities.uploads().find(row.id()).orElseThrow(() -> Completion.fenced(row));
        facilities.tidy(facilities.folders().part(row.partFile()));
        return new Copied(mine, part);
    }

    private static boolean name(Facilities facilities, UploadRow row, PartFile part) throws StorageException {
        try {
            return facilities
                    .uploads()
                    .commitOffset(
                            row.id(),
                            row.epoch(),
                            part.name(),
                            row.committedOffset(),
                            row.chunks(),
                            facilities.time().instant());
        } catch (StorageException e) {
            part.close(); // the catalogue may name it all the same; if not, the next start removes it
            throw e;
        }
    }

    /** A folder that only bears the same id, as a copy does, has not the bytes: then nothing is taken over, or they would be lost. */
    static void requireBytes(Facilities facilities, UploadRow row) throws StorageException {
        if (row.ending() != null) {
            return; // they may stand under the final name; that is looked at later
        }
        try {
            OptionalLong length = facilities.disk().size(facilities.folders().part(row.partFile()));
            if (length.isEmpty() || length.getAsLong() < row.committedOffset()) {
                throw new StorageException(
                        Kind.FAILED,
                        "session " + row.id() + " has " + row.committedOffset() + " acknowledged bytes at the server "
                                + row.owner() + "; in " + facilities.folders().incoming() + " are "
                                + length.orElse(0) + " of them: it goes on when that server is back");
            }
        } catch (IOException e) {
            throw failed(facilities, "look at " + row.partFile(), e);
        }
    }

    private static StorageException failed(Facilities facilities, String doing, IOException cause) {
        return DiskFailure.of(facilities.disk(), facilities.folders().incoming(), doing, cause);
    }
}
