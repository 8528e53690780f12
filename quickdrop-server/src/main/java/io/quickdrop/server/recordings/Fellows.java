package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import java.util.List;
import java.util.Optional;

/** The servers on one catalogue, as far as recordings need to know of them. Called from any thread; may ask the database. */
public interface Fellows {
    /** A server that has its catalogue for itself. */
    Fellows NONE = List::of;

    /**
     * A server on the same catalogue.
     *
     * @param name for people
     * @param url where the others reach it, without a slash at the end
     * @param storage id of its output folder
     * @param alive whether it was heard of lately, by the database's clock
     */
    record Fellow(String id, String name, String url, String storage, boolean alive) {}

    /** All that the catalogue knows, this one among them. */
    List<Fellow> list() throws StorageException;

    /** One of them. */
    default Optional<Fellow> find(String id) throws StorageException {
        return list().stream().filter(fellow -> fellow.id().equals(id)).findFirst();
    }
}
