package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.Frame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One stream of a desktop: its newest picture, who looks at it, and whether it has holes. Pure; confined to one thread. */
final class RoomStream {
    /** Requests for the whole picture that change nothing become rarer, up to this many intervals. */
    private static final int RAREST = 16;

    final StreamKey key;
    final TileCache cache;
    final Map<ViewerId, ViewerFlow> flows = new LinkedHashMap<>();
    private final long keyFrameMicros;
    private long requestAtMicros = Long.MAX_VALUE;
    private long coveredPixels;
    private int rarity = 1;

    RoomStream(StreamKey key, RoomConfig config) {
        this.key = key;
        this.cache = new TileCache(config.maxTiles(), config.maxCacheBytes());
        this.keyFrameMicros = config.keyFrameInterval().toNanos() / 1000;
    }

    /** Takes pictures; tells why some were refused. */
    Optional<String> put(Frame frame, long nowMicros) {
        return cache.put(frame, nowMicros);
    }

    /** The pictures are of the past: a new agent came, or it captures no longer. */
    void forgetPictures() {
        cache.clear();
        requestAtMicros = Long.MAX_VALUE;
        rarity = 1;
    }

    /** Whether somebody can see it. */
    boolean isVisible() {
        for (ViewerFlow flow : flows.values()) {
            if (!flow.isHidden()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether to request the whole picture now. The agent sends it by itself when it begins to capture; so only holes that
     * have not become fewer for a while count.
     *
     * @param wanted whether the agent was asked to capture this
     */
    boolean mustRequestWhole(boolean wanted, long nowMicros) {
        if (!wanted || cache.isWhole()) {
            requestAtMicros = Long.MAX_VALUE;
            rarity = 1;
            return false;
        }
        if (requestAtMicros == Long.MAX_VALUE || cache.coveredPixels() > coveredPixels) {
            requestAtMicros = nowMicros + keyFrameMicros;
            coveredPixels = cache.coveredPixels();
            return false;
        }
        coveredPixels = cache.coveredPixels();
        if (nowMicros < requestAtMicros) {
            return false;
        }
        rarity = Math.min(RAREST, 2 * rarity);
        requestAtMicros = nowMicros + rarity * keyFrameMicros;
        return true;
    }

    /** When to ask {@link #mustRequestWhole} again. */
    long requestAtMicros() {
        return requestAtMicros;
    }
}
