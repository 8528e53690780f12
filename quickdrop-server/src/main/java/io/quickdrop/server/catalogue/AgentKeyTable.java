package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.desktops.AgentKey;
import io.quickdrop.server.desktops.AgentKeys;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The keys of desktops in the catalogue. What a call wrote is on the disk when it returns. */
public final class AgentKeyTable implements AgentKeys {
    private static final String SELECT =
            "SELECT fingerprint, client_id, name, enrolled_ts, revoked_ts FROM agent_keys ";

    private final Catalogue catalogue;
    private final InstantSource time;

    /** @param catalogue stays the caller's to close */
    public AgentKeyTable(Catalogue catalogue, InstantSource time) {
        this.catalogue = catalogue;
        this.time = time;
    }

    @Override
    public Optional<AgentKey> find(String fingerprint) throws StorageException {
        return catalogue.read("find an agent's key", connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + "WHERE fingerprint = ?")) {
                select.setString(1, fingerprint);
                return keys(select).stream().findFirst();
            }
        });
    }

    @Override
    public Optional<AgentKey> holder(String clientId) throws StorageException {
        return catalogue.read("find the key of a desktop", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + "WHERE client_id = ? AND revoked_ts IS NULL")) {
                select.setString(1, clientId);
                return keys(select).stream().findFirst();
            }
        });
    }

    @Override
    public boolean enrol(AgentKey key) throws StorageException {
        return catalogue.write("enrol an agent's key", connection -> {
            try (PreparedStatement upsert = connection.prepareStatement(
                    """
                    INSERT INTO agent_keys (fingerprint, client_id, name, enrolled_ts, revoked_ts)
                    SELECT ?, ?, ?, ?, NULL WHERE NOT EXISTS (
                        SELECT 1 FROM agent_keys WHERE client_id = ? AND fingerprint <> ? AND revoked_ts IS NULL)
                    ON CONFLICT (fingerprint) DO UPDATE SET
                        name = excluded.name, enrolled_ts = excluded.enrolled_ts, revoked_ts = NULL
                    WHERE agent_keys.client_id = excluded.client_id
                    """)) {
                upsert.setString(1, key.fingerprint());
                upsert.setString(2, key.clientId());
                Columns.text(upsert, 3, key.name());
                upsert.setLong(4, key.enrolledAt().toEpochMilli());
                upsert.setString(5, key.clientId());
                upsert.setString(6, key.fingerprint());
                return upsert.executeUpdate() == 1;
            }
        });
    }

    @Override
    public List<AgentKey> list() throws StorageException {
        return catalogue.read("list the agents' keys", connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + "WHERE revoked_ts IS NULL")) {
                List<AgentKey> found = keys(select);
                // Sorted here, since databases compare letters in different ways.
                found.sort(Comparator.comparing(AgentKey::name).thenComparing(AgentKey::clientId));
                return found;
            }
        });
    }

    @Override
    public boolean revoke(String clientId) throws StorageException {
        return catalogue.write("revoke the key of the desktop " + clientId, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE agent_keys SET revoked_ts = ? WHERE client_id = ? AND revoked_ts IS NULL")) {
                update.setLong(1, time.millis());
                update.setString(2, clientId);
                return update.executeUpdate() == 1;
            }
        });
    }

    private static List<AgentKey> keys(PreparedStatement select) throws SQLException {
        List<AgentKey> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new AgentKey(
                        row.getString("fingerprint"),
                        row.getString("client_id"),
                        row.getString("name"),
                        Instant.ofEpochMilli(row.getLong("enrolled_ts")),
                        Columns.nullableLong(row, "revoked_ts") != null));
            }
        }
        return found;
    }
}
