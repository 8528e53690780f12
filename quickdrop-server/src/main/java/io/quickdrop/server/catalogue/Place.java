package io.quickdrop.server.catalogue;

import java.util.regex.Pattern;

/**
 * Which server writes, and where its files are: what a row of an upload or a recording names.
 *
 * @param instance the server's id, the same after a restart
 * @param storage the id that the output folder bears; empty for a server that has its catalogue for itself
 */
public record Place(String instance, String storage) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /** @throws IllegalArgumentException if one of them is no id */
    public Place {
        if (!ID.matcher(instance).matches()
                || !(storage.isEmpty() || ID.matcher(storage).matches())) {
            throw new IllegalArgumentException("instance '" + instance + "', storage '" + storage
                    + "': allowed are 1 to 64 letters, digits and hyphens");
        }
    }

    /** The only server on its catalogue. */
    public static Place alone(Catalogue catalogue) {
        return new Place(catalogue.serverId(), "");
    }

    /** Whether there can be no other server on this catalogue. */
    public boolean isAlone() {
        return storage.isEmpty();
    }

    /** The beginning of the names of files that only this server writes. Files of a lone server are all its own. */
    public String filePrefix() {
        return isAlone() ? "" : instance + "-";
    }
}
