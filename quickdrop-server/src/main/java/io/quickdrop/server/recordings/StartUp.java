package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.UploadRow;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** What a crash left behind: ends that were promised, and files that nobody refers to. No recording is read for it. */
final class StartUp {
    private static final Logger LOG = System.getLogger(StartUp.class.getName());

    private StartUp() {}

    /**
     * Repairs what is this server's, and removes no file that another one may have made: it may be about to tell the catalogue.
     *
     * @param newCatalogue unknown files may be somebody's only copy then, and are put aside
     */
    static void repair(Facilities facilities, Completion completion, boolean newCatalogue) throws StorageException {
        for (UploadRow row : facilities.uploads().mine()) {
            if (row.ending() != null) {
                tryToComplete(completion, row);
            }
        }
        Set<String> known =
                facilities.uploads().all().stream().map(UploadRow::partFile).collect(Collectors.toSet());
        StoreFolders folders = facilities.folders();
        try {
            for (Path file : facilities.disk().list(folders.incoming())) {
                String name = file.getFileName().toString();
                if (!known.contains(name) && name.startsWith(facilities.place().filePrefix())) {
                    if (newCatalogue) {
                        LOG.log(Level.WARNING, "no catalogue knows {0}; put into {1}", file, folders.lost());
                        facilities.disk().replace(folders.lost().resolve(name), file);
                    } else {
                        facilities.tidy(file);
                    }
                }
            }
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), folders.incoming(), "tidy up", e);
        }
    }

    static void tryToComplete(Completion completion, UploadRow row) {
        try {
            if (completion.hasBytes(row)) {
                completion.complete(row);
            }
        } catch (IOException | StorageException e) {
            // The session is asked for again, or expires; both complete it. The server starts for all others.
            LOG.log(Level.WARNING, "session " + row.id() + " could not be completed yet", e);
        }
    }
}
