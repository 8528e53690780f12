package io.quickdrop.system.faults.mutants;

import java.util.ArrayList;
import java.util.List;

/**
 * Tests that are run in a process of their own: on the build as it is they pass, on a mutant they must not.
 *
 * @param tests of Java {@code package.Class} or {@code package.Class#method}; of pages the name of a test file
 * @param properties system properties for the run, as {@code name=value}
 */
record Trial(List<String> tests, List<String> properties) {
    /** Tests of the project. */
    static Trial of(String... tests) {
        return new Trial(List.of(tests), List.of());
    }

    /** With a system property. */
    Trial with(String property) {
        List<String> more = new ArrayList<>(properties);
        more.add(property);
        return new Trial(tests, List.copyOf(more));
    }

    boolean isOfPages() {
        return tests.get(0).endsWith(".test.js");
    }

    /** Short, for a table. */
    String title() {
        return String.join(", ", tests).replaceAll("io\\.quickdrop\\.([a-z0-9]+\\.)*", "");
    }
}
