package io.quickdrop.bench;

import java.util.List;
import java.util.stream.Stream;

/** The figure that counts of several rounds. */
public final class Medians {
    private Medians() {}

    /** The middle value, of an even number the mean of the two in the middle; {@code values} has at least one. */
    public static double median(Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
