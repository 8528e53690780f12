package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import java.util.List;
import java.util.Optional;

/** The servers on one catalogue, as far as recordings need to know of them. Called from any thread; may ask the database. */
public interface Servers {
    /** A server that has its catalogue for itself. */
    Servers NONE = List::of;

    /**
     * A server on the same catalogue.
     *
     * @param name for people
     * @param url where the others reach it, without a slash at the end
     * @param storage id of its output folder
     * @param alive whether it was heard of lately, by the database's clock
     */
    record Server(String id, String name, String url, String storage, boolean alive) {}

    /** All that the catalogue knows, this one among them. */
    List<Server> list() throws StorageException;

    /** One of them. */
    default Optional<Server> find(String id) throws StorageException {
        return list().stream().filter(server -> server.id().equals(id)).findFirst();
    }
}
