package io.quickdrop.server.recordings;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.UploadRow;
import io.quickdrop.server.recordings.Servers.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions of other servers as the catalogue has them.
 *
 * @param list all of them, the oldest first
 * @param taken those whose servers live: nobody else has them
 */
public record OthersUploads(List<Arriving> list, Set<SessionId> taken) {
    /** A sender that sends has its bytes acknowledged more often; clocks of servers differ by less. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    /**
     * A recording that arrives elsewhere, or waits there for its sender.
     *
     * @param fileName that it wishes for
     * @param server name of the one that has it, for people
     * @param state as dashboards are told it
     */
    public record Arriving(UploadRow row, String fileName, String server, String state) {}

    static OthersUploads read(Facilities facilities, Completion completion) throws StorageException {
        List<UploadRow> rows = facilities.uploads().everywhere().stream()
                .filter(row -> !row.owner().equals(facilities.place().instance()))
                .toList();
        List<Server> servers = rows.isEmpty() ? List.of() : facilities.servers().list();
        List<Arriving> list = new ArrayList<>();
        Set<SessionId> taken = new HashSet<>();
        Instant now = facilities.time().instant();
        for (UploadRow row : rows) {
            Optional<Server> owner = servers.stream()
                    .filter(server -> server.id().equals(row.owner()))
                    .findFirst();
            boolean alive = owner.filter(Server::alive).isPresent();
            boolean quiet = Duration.between(row.changed(), now).compareTo(QUIET) > 0;
            String state = row.ending() != null ? "completing" : alive && !quiet ? "receiving" : "orphaned";
            list.add(new Arriving(
                    row,
                    completion.wishedName(row.description(), row.begun()),
                    owner.map(Server::name).orElse(row.owner()),
                    state));
            if (alive) {
                taken.add(row.id());
            }
        }
        return new OthersUploads(List.copyOf(list), Set.copyOf(taken));
    }
}
