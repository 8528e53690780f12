package io.quickdrop.relay.driver.desktop;

import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.ViewerId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Who asked to look at what of one desktop: for the day when the desktop is removed, or its room starts anew. Confined. */
final class Watching {
    /** A screen in one rendition, and the name of who looks. */
    record Stream(String name, int screen, int rendition) {}

    private final Map<ViewerId, Map<Long, Stream>> streams = new HashMap<>();

    /** @param primary screen that is meant where none is named */
    void note(RoomInput input, int primary) {
        if (input instanceof RoomInput.ViewerCame came) {
            Integer named = came.screen();
            Stream stream = new Stream(came.name(), named == null ? primary : named, came.rendition());
            streams.computeIfAbsent(came.viewer(), viewer -> new LinkedHashMap<>())
                    .put(key(stream), stream);
        } else if (input instanceof RoomInput.ViewerGone gone) {
            streams.remove(gone.viewer());
        } else if (input instanceof RoomInput.ViewerLeft left) {
            streams.computeIfPresent(left.viewer(), (viewer, looked) -> {
                looked.values()
                        .removeIf(stream -> (left.screen() == null || left.screen() == stream.screen())
                                && (left.rendition() == null || left.rendition() == stream.rendition()));
                return looked.isEmpty() ? null : looked;
            });
        }
    }

    void each(BiConsumer<ViewerId, Stream> action) {
        streams.forEach((viewer, looked) -> List.copyOf(looked.values()).forEach(s -> action.accept(viewer, s)));
    }

    private static long key(Stream stream) {
        return ((long) stream.screen() << 32) | stream.rendition();
    }
}
