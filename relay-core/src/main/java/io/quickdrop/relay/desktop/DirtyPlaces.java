package io.quickdrop.relay.desktop;

import io.quickdrop.relay.desktop.TileCache.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The version of each place that one viewer was sent; a place whose version in the cache is another one is dirty. Costs eight
 * bytes a place, and nothing when a frame comes.
 *
 * <p>Newest first, but not only: where a film plays on half of the screen, and the viewer's way is too narrow for it, the
 * last places of each of its frames are always the newest, and all others would wait for ever. So a quarter of what is sent
 * while not all can be sent are the places of which the viewer has the oldest version.
 *
 * <p>Pure; confined to one thread.
 */
class DirtyPlaces {
    private static final int SHARE_OF_OLDEST = 4;

    private final long mostCredit;
    private long[] sent = {};
    /** All places of this version or older ones were sent. */
    private long cleanUpTo;
    /** Bytes that those who wait longest are owed; below 0 if they were given more. */
    private long credit;

    /** @param mostCredit bytes that those who wait longest are owed at most */
    DirtyPlaces(long mostCredit) {
        this.mostCredit = mostCredit;
    }

    /** Nothing was sent. */
    void forget() {
        Arrays.fill(sent, 0);
        cleanUpTo = 0;
        credit = 0;
    }

    /** Whether anything is dirty. */
    boolean isAny(TileCache cache) {
        return newestDirty(cache.newest()) != null;
    }

    /**
     * Takes dirty places, which count as sent.
     *
     * @param room bytes; the last place may exceed it, so at least one is taken
     */
    List<Place> take(TileCache cache, long room) {
        List<Place> taken = new ArrayList<>();
        long bytes = 0;
        Place place = newestDirty(cache.newest());
        while (place != null && bytes < room) {
            taken.add(place);
            bytes += place.tile.wireBytes();
            place = newestDirty(place.older());
        }
        if (place == null) {
            mark(taken);
            cleanUpTo = cache.lastVersion();
            credit = 0;
            return taken;
        }
        long owed = Math.max(0, credit);
        while (owed > 0 && bytes > room - owed && !taken.isEmpty()) {
            bytes -= taken.remove(taken.size() - 1).tile.wireBytes();
        }
        mark(taken);
        Place old = longestWaiting(cache);
        while (old != null && credit > 0 && bytes < room) {
            taken.add(old);
            bytes += old.tile.wireBytes();
            credit -= old.tile.wireBytes();
            mark(old);
            old = longestWaiting(cache);
        }
        credit = Math.min(mostCredit, credit + bytes / SHARE_OF_OLDEST);
        return taken;
    }

    private void mark(List<Place> taken) {
        for (Place place : taken) {
            mark(place);
        }
    }

    /** Counts as sent. */
    void mark(Place place) {
        if (place.slot >= sent.length) {
            sent = Arrays.copyOf(sent, Math.max(place.slot + 16, 2 * sent.length));
        }
        sent[place.slot] = place.version;
    }

    boolean isDirty(Place place) {
        return place.slot >= sent.length || sent[place.slot] != place.version;
    }

    private @Nullable Place newestDirty(@Nullable Place from) {
        for (Place place = from; place != null && place.version > cleanUpTo; place = place.older()) {
            if (isDirty(place)) {
                return place;
            }
        }
        return null;
    }

    /** The dirty place whose version on the viewer's glass is the oldest. */
    private @Nullable Place longestWaiting(TileCache cache) {
        Place longest = null;
        long least = Long.MAX_VALUE;
        for (Place place = cache.newest(); place != null && place.version > cleanUpTo; place = place.older()) {
            long shown = place.slot < sent.length ? sent[place.slot] : 0;
            if (shown != place.version && shown < least) {
                least = shown;
                longest = place;
            }
        }
        return longest;
    }
}
