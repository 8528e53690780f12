package io.quickdrop.system.desktop;

import io.quickdrop.system.display.CounterWindow;
import io.quickdrop.system.display.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How old pictures were when they were seen: from drawing on the screen to being there, by the counter on the screen. */
final class Ages {
    private final @Nullable CounterWindow counter;
    private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());
    private int last = -1;

    /** Of what this counter draws; null for a screen without one, of which nothing can be seen. */
    Ages(@Nullable CounterWindow counter) {
        this.counter = counter;
    }

    /** A picture of the whole screen is on somebody's glass now; counts if its number is a new one. */
    void see(Picture glass) {
        if (counter == null) {
            return;
        }
        counter.read(glass).ifPresent(number -> see(number, CounterWindow.nowMicros()));
    }

    /** A number was seen; counts if it is a new one. */
    void see(int number, long atMicros) {
        if (counter != null && number != last) {
            last = number;
            counter.drawnMicros(number).ifPresent(drawn -> millis.add((atMicros - drawn) / 1_000.0));
        }
    }

    /** Forgets what was seen. */
    void clear() {
        millis.clear();
    }

    int count() {
        return millis.size();
    }

    /** Not above so many of a hundred, milliseconds. */
    double percentile(double percent) {
        List<Double> sorted;
        synchronized (millis) {
            sorted = new ArrayList<>(millis);
        }
        if (sorted.isEmpty()) {
            throw new AssertionError("no picture was seen");
        }
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(percent / 100 * sorted.size())));
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
