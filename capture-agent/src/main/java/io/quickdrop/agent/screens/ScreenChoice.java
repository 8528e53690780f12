package io.quickdrop.agent.screens;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which monitors to show: {@code all}, or numbers and names with commas between. */
public record ScreenChoice(List<String> words) {
    /** Every monitor. */
    public static final ScreenChoice ALL = new ScreenChoice(List.of());

    public ScreenChoice {
        words = List.copyOf(words);
    }

    /**
     * Reads what a person wrote.
     *
     * @throws IllegalArgumentException with a sentence if a word is empty
     */
    public static ScreenChoice parse(String text) {
        if (text.strip().equalsIgnoreCase("all")) {
            return ALL;
        }
        List<String> words = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            if (word.isBlank()) {
                throw new IllegalArgumentException(
                        "found '" + text + "'; allowed are 'all', or numbers and names of monitors like 0,HDMI-1");
            }
            words.add(word.strip());
        }
        return new ScreenChoice(words);
    }

    /**
     * The chosen ones, with the numbers that they have among all.
     *
     * @throws IllegalArgumentException with a sentence if a word names no monitor of {@code available}
     */
    public List<Screen> from(List<Screen> available) {
        if (words.isEmpty()) {
            return available;
        }
        Set<Screen> chosen = new LinkedHashSet<>();
        for (String word : words) {
            chosen.add(available.stream()
                    .filter(screen ->
                            word.equals(String.valueOf(screen.index())) || word.equalsIgnoreCase(screen.name()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("found '" + word + "' in --screens; there are "
                            + String.join(
                                    ", ",
                                    available.stream()
                                            .map(screen -> screen.index() + " (" + screen.name() + ")")
                                            .toList()))));
        }
        return List.copyOf(chosen);
    }
}
