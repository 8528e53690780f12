package io.quickdrop.server.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
    private static final Instant NOW = Instant.parse("2026-11-22T14:03:09Z");
    private static final Description DESCRIPTION = new Description("video/mp4", "mp4", null, 1, null);

    private Path folder;

    @BeforeEach
    void useFolder(@TempDir Path fresh) {
        folder = fresh;
    }

    @Test
    void itsNameStaysTheSame() throws Exception {
        String first;
        try (Catalogue catalogue = Catalogue.open(folder)) {
            assertThat(catalogue.isNew()).isTrue();
            first = catalogue.serverId();
        }
        try (Catalogue catalogue = Catalogue.open(folder)) {
            assertThat(catalogue.isNew()).isFalse();
            assertThat(catalogue.serverId()).isEqualTo(first);
        }
    }

    @Test
    void aSecondServerIsToldWhoHasTheFolder() throws Exception {
        try (Catalogue first = Catalogue.open(folder)) {
            assertThat(first.serverId()).isNotEmpty();
            assertThatThrownBy(() -> Catalogue.open(folder))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("in use by another QuickDrop server")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void writesOfTheSameTimeShareACommit() throws Exception {
        int threads = 16;
        int each = 25;
        try (Catalogue catalogue = Catalogue.open(folder)) {
            UploadTable uploads = new UploadTable(catalogue);
            long before = catalogue.commits();
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                List<Future<Boolean>> writers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    SessionId id = new SessionId("session-" + i);
                    writers.add(pool.submit(() -> {
                        uploads.insert(id, "phone", "part", DESCRIPTION, NOW);
                        boolean owned = true;
                        for (int offset = 1; offset < each; offset++) {
                            owned &= uploads.commitOffset(id, 1, "part", offset, offset, NOW);
                        }
                        return owned;
                    }));
                }
                for (Future<Boolean> writer : writers) {
                    assertThat(writer.get()).isTrue();
                }
            } finally {
                pool.shutdownNow();
            }

            assertThat(catalogue.commits() - before).isLessThan(threads * each / 2);
            assertThat(uploads.all()).hasSize(threads).allMatch(row -> row.committedOffset() == each - 1);
        }
    }

    @Test
    void aFailedCommitFailsItsWriterAndNobodyAfterIt() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        Commit commit = connection -> {
            if (failing.get()) {
                throw new SQLException("the disk fails for the test");
            }
            connection.commit();
        };
        SessionId id = new SessionId("session");
        try (Catalogue catalogue = Catalogue.open(folder, commit)) {
            UploadTable uploads = new UploadTable(catalogue);
            uploads.insert(id, "phone", "part", DESCRIPTION, NOW);
            failing.set(true);
            assertThatThrownBy(() -> uploads.commitOffset(id, 1, "part", 7, 1, NOW))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("commit the offset of session")
                    .hasMessageContaining("the disk fails for the test");
            assertThat(uploads.find(id).orElseThrow().committedOffset()).isZero();

            failing.set(false);
            assertThat(uploads.commitOffset(id, 1, "part", 8, 1, NOW)).isTrue();
            assertThat(uploads.find(id).orElseThrow().committedOffset()).isEqualTo(8);
        }
    }

    @Test
    void anOlderEpochChangesNothing() throws Exception {
        SessionId id = new SessionId("session");
        try (Catalogue catalogue = Catalogue.open(folder)) {
            UploadTable uploads = new UploadTable(catalogue);
            uploads.insert(id, "phone", "part", DESCRIPTION, NOW);
            assertThat(uploads.takeOver(uploads.find(id).orElseThrow())).isTrue();

            assertThat(uploads.commitOffset(id, 1, "part", 7, 1, NOW)).isFalse();
            assertThat(uploads.discard(id, 1)).isFalse();
            assertThat(uploads.commitOffset(id, 2, "part", 9, 1, NOW)).isTrue();
            assertThat(uploads.find(id).orElseThrow().committedOffset()).isEqualTo(9);
        }
    }

    @Test
    void aClosedCatalogueSaysSo() throws Exception {
        Catalogue catalogue = Catalogue.open(folder);
        catalogue.close();

        assertThatThrownBy(() -> new UploadTable(catalogue).discard(new SessionId("session"), 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
    }
}
