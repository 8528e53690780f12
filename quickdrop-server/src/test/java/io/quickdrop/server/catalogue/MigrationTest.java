package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Schemas of before, and several servers that make one at the same time. */
@Timeout(180)
class MigrationTest {
    /** The last schema of servers that knew of no others. */
    private static final String LONE = "5";

    private static final List<String> ROWS = List.of(
            "INSERT INTO store_info (name, value) VALUES ('server_id', 'the-old-id')",
            "INSERT INTO store_info (name, value) VALUES ('running_ms', '5000')",
            "INSERT INTO devices VALUES ('pixel', 'Pixel', 'hash', 1, 2, NULL)",
            "INSERT INTO desktops VALUES ('studio', 7, 2, 'desktop', 'Studio', NULL, '[]', '[]', '[]', 1, 2, NULL)",
            "INSERT INTO agent_keys VALUES ('aaaa', 'studio', 'Studio', 1, NULL)",
            """
            INSERT INTO uploads (session_id, device, owner_instance, owner_epoch, state, part_file, committed_offset,
                chunks, mime, ext, ts, begun_ts, changed_ts)
            VALUES ('upload', 'phone', 'the-old-id', 3, 'receiving', 'part', 77, 4, 'video/mp4', 'mp4', 1, 1, 2)
            """,
            """
            INSERT INTO recordings (id, device, state, file_name, bytes, chunks, mime, ext, ts, begun_ts, saved_ts,
                is_partial, sha256)
            VALUES ('recording', 'phone', 'kept', 'take.mp4', 99, 5, 'video/mp4', 'mp4', 1, 1, 2, 0, 'abc')
            """,
            "INSERT INTO confirmations VALUES ('recording', 'abc', 3)",
            "INSERT INTO lives VALUES ('upload', 4000, 'session')");

    private static void makeOld(String url) throws SQLException {
        Flyway.configure(MigrationTest.class.getClassLoader())
                .dataSource(url, null, null)
                .locations("classpath:db/migration")
                .target(LONE)
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String row : ROWS) {
                statement.executeUpdate(row);
            }
        }
    }

    private static void hasKeptAll(Catalogue catalogue) throws StorageException {
        assertThat(catalogue.isNew()).isFalse();
        assertThat(catalogue.serverId()).isEqualTo("the-old-id");
        SessionId upload = new SessionId("upload");
        UploadTable uploads = new UploadTable(catalogue);
        assertThat(uploads.mine()).singleElement().satisfies(row -> {
            assertThat(row.committedOffset()).isEqualTo(77);
            assertThat(row.epoch()).isEqualTo(3);
        });
        assertThat(uploads.commitOffset(upload, 3, "part", 78, 5, Instant.EPOCH))
                .isTrue();
        RecordingTable recordings = new RecordingTable(catalogue, Place.alone(catalogue));
        assertThat(recordings.newest(5, 0)).singleElement().satisfies(row -> {
            assertThat(row.fileName()).isEqualTo("take.mp4");
            assertThat(row.confirmed()).isTrue();
        });
        assertThat(recordings.mineIn(RecordingRow.State.KEPT)).hasSize(1);
        assertThat(new DeviceTable(catalogue, Instant::now).list()).hasSize(1);
        assertThat(new AgentKeyTable(catalogue, Instant::now).holder("studio")).isPresent();
        Incarnation self = TestCatalogue.joined(catalogue, "here");
        assertThat(new DesktopTable(catalogue, () -> self).list())
                .singleElement()
                .satisfies(desktop -> {
                    assertThat(desktop.epoch()).isEqualTo(7);
                    assertThat(desktop.owner()).isNull();
                });
        LifeTable lives = new LifeTable(catalogue);
        assertThat(lives.running()).isEqualTo(Duration.ofSeconds(5));
        assertThat(lives.all()).containsOnlyKeys(upload);
    }

    @Test
    void aFileOfALoneServerKeepsItsRows(@TempDir Path folder) throws Exception {
        makeOld("jdbc:sqlite:" + folder.resolve(Catalogue.FILE_NAME));
        try (Catalogue catalogue = Catalogue.open(folder)) {
            hasKeptAll(catalogue);
        }
    }

    @Test
    void aDatabaseOfThatTimeKeepsThemAsWell() throws Exception {
        String url = TestPostgres.shared().newDatabase();
        makeOld("jdbc:" + url.replace("//postgres@", "//") + "?user=postgres");
        try (Catalogue catalogue = TestPostgres.catalogue(url)) {
            hasKeptAll(catalogue);
        }
    }

    @Test
    void serversThatStartInOneMomentMakeOneStore() throws Exception {
        String url = TestPostgres.shared().newDatabase();
        List<Callable<Catalogue>> servers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            servers.add(() -> TestPostgres.catalogue(url));
        }
        List<Catalogue> opened = Races.together(servers);
        try {
            assertThat(opened)
                    .extracting(Catalogue::serverId)
                    .containsOnly(opened.get(0).serverId());
            assertThat(opened.stream().filter(Catalogue::isNew)).hasSize(1);
        } finally {
            for (Catalogue one : opened) {
                one.close();
            }
        }
    }

    @Test
    void tablesOfOthersAreNoHindrance() throws Exception {
        String url = TestPostgres.shared().newDatabase();
        TestPostgres.execute(url, "CREATE TABLE somebody_elses (id TEXT)");
        try (Catalogue catalogue = TestPostgres.catalogue(url)) {
            assertThat(catalogue.isNew()).isTrue();
        }
        try (Catalogue catalogue = TestPostgres.catalogue(url)) {
            assertThat(catalogue.isNew()).isFalse();
        }
    }

    @Test
    void whatIsCommittedIsOnTheDiskWhateverTheDatabasesDefaultIs() throws Exception {
        String url = TestPostgres.shared().newDatabase();
        String name = url.substring(url.lastIndexOf('/') + 1);
        TestPostgres.execute(url, "ALTER DATABASE " + name + " SET synchronous_commit = off");
        TestPostgres.execute(url, "ALTER DATABASE " + name + " SET default_transaction_isolation = 'serializable'");
        try (Catalogue catalogue = TestPostgres.catalogue(url)) {
            assertThat(catalogue.<String>read("look", connection -> shown(connection, "synchronous_commit")))
                    .isEqualTo("on");
            assertThat(catalogue.<String>read("look", connection -> shown(connection, "transaction_isolation")))
                    .isEqualTo("read committed");
            assertThat(catalogue.<String>read(
                            "look", connection -> shown(connection, "idle_in_transaction_session_timeout")))
                    .isEqualTo("5s");
        }
    }

    private static String shown(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void whatCantBeAStoreIsRefusedInWordsForPeople() {
        TestPostgres postgres = TestPostgres.shared();
        String latin = "latin_" + ProcessHandle.current().pid();
        TestPostgres.execute(
                postgres.url("postgres"),
                "CREATE DATABASE " + latin + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        assertThatThrownBy(() -> TestPostgres.catalogue(postgres.url(latin)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("encoding is LATIN1: allowed is UTF8");
        assertThatThrownBy(() -> TestPostgres.catalogue(postgres.url("nowhere")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("can't be used: it has no such database");
        assertThatThrownBy(() -> TestPostgres.catalogue("postgresql://ada:hunter2@127.0.0.1:1/quickdrop"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("postgresql://ada@127.0.0.1:1/quickdrop")
                .hasMessageContaining("connection refused")
                .hasMessageNotContaining("hunter2");
    }
}
