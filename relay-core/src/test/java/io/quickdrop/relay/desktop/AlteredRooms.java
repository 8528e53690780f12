package io.quickdrop.relay.desktop;

import io.quickdrop.relay.desktop.TileCache.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Rooms with one protection switched off each, to see that tests would notice. */
public final class AlteredRooms {
    private static final String DESKTOP = "desk";

    private AlteredRooms() {}

    /** What is in flight is waited for, for ever. */
    public static DesktopRoom withoutExpiry(RoomConfig config, ToLongFunction<ViewerId> pending) {
        FlowConfig flow = config.flow();
        return new DesktopRoom(
                DESKTOP, with(config, flow(flow, flow.startWindowBytes(), 10, Duration.ofDays(1))), pending);
    }

    /** As much is sent as there is. */
    public static DesktopRoom withoutWindow(RoomConfig config, ToLongFunction<ViewerId> pending) {
        FlowConfig flow = config.flow();
        return new DesktopRoom(DESKTOP, with(config, flow(flow, 1 << 30, 10, flow.patience())), pending);
    }

    /** However many batches. */
    public static DesktopRoom withoutBoundOnBatches(RoomConfig config, ToLongFunction<ViewerId> pending) {
        FlowConfig flow = config.flow();
        return new DesktopRoom(
                DESKTOP, with(config, flow(flow, flow.startWindowBytes(), 1_000, flow.patience())), pending);
    }

    /** The socket is not looked at. */
    public static DesktopRoom blindToTheSocket(RoomConfig config, ToLongFunction<ViewerId> pending) {
        return new DesktopRoom(DESKTOP, config, viewer -> 0);
    }

    /** What was in flight under the old epoch counts under the new one. */
    public static DesktopRoom thatKeepsOldEpochs(RoomConfig config, ToLongFunction<ViewerId> pending) {
        return new DesktopRoom(
                DESKTOP,
                config,
                pending,
                (viewer, key, flow, number, interval) -> new ViewerFlow(viewer, key, flow, number, interval) {
                    @Override
                    void restart() {
                        // as if nothing had happened
                    }
                });
    }

    /** A page that nobody can see is sent everything. */
    public static DesktopRoom thatSendsToHiddenPages(RoomConfig config, ToLongFunction<ViewerId> pending) {
        return new DesktopRoom(
                DESKTOP,
                config,
                pending,
                (viewer, key, flow, number, interval) -> new ViewerFlow(viewer, key, flow, number, interval) {
                    @Override
                    boolean hides(boolean nobodySees) {
                        return super.hides(false);
                    }
                });
    }

    /** What waits longest goes first, as in a queue. */
    public static DesktopRoom oldestFirst(RoomConfig config, ToLongFunction<ViewerId> pending) {
        return withPlaces(config, pending, true);
    }

    /** Nothing but the newest, so that what changed once may wait for ever. */
    public static DesktopRoom newestOnly(RoomConfig config, ToLongFunction<ViewerId> pending) {
        return withPlaces(config, pending, false);
    }

    private static DesktopRoom withPlaces(RoomConfig config, ToLongFunction<ViewerId> pending, boolean oldest) {
        return new DesktopRoom(
                DESKTOP,
                config,
                pending,
                (viewer, key, flow, number, interval) ->
                        new ViewerFlow(viewer, key, flow, number, interval, new OneOrder(oldest)));
    }

    /** Places in one order only. */
    private static final class OneOrder extends DirtyPlaces {
        private final boolean oldestFirst;

        OneOrder(boolean oldestFirst) {
            super(1);
            this.oldestFirst = oldestFirst;
        }

        @Override
        List<Place> take(TileCache cache, long room) {
            List<Place> taken = new ArrayList<>();
            long bytes = 0;
            Place place = oldestFirst ? cache.oldest() : cache.newest();
            while (place != null && bytes < room) {
                if (isDirty(place)) {
                    taken.add(place);
                    bytes += place.tile.wireBytes();
                    mark(place);
                }
                place = oldestFirst ? place.newer() : place.older();
            }
            return taken;
        }
    }

    private static FlowConfig flow(FlowConfig of, int window, int batches, Duration patience) {
        boolean same = window == of.startWindowBytes();
        return new FlowConfig(
                window,
                same ? of.minWindowBytes() : window,
                same ? of.maxWindowBytes() : window,
                batches,
                of.messageBytes(),
                of.growBelow(),
                of.shrinkAbove(),
                of.spike(),
                of.baseWindow(),
                patience,
                of.stillInterval(),
                of.stillBytesPerSecond());
    }

    private static RoomConfig with(RoomConfig of, FlowConfig flow) {
        return new RoomConfig(
                of.maxViewers(),
                of.maxStreamsPerViewer(),
                of.maxTiles(),
                of.maxCacheBytes(),
                of.fps(),
                of.quality(),
                of.linger(),
                of.reportInterval(),
                of.statsInterval(),
                of.thumbnailInterval(),
                of.keyFrameInterval(),
                of.wholePictureAck(),
                flow);
    }
}
