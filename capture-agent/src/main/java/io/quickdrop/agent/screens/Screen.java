package io.quickdrop.agent.screens;

/**
 * One monitor of this machine, in the pixels that its picture has.
 *
 * @param index its number in frames and in {@code --screens}, from 0
 * @param name for people
 * @param x left edge on the virtual screen
 * @param y top edge on the virtual screen
 */
public record Screen(int index, String name, int x, int y, int width, int height, boolean primary) {
    /** One line for people. */
    public String describe() {
        return index + "  " + name + "  " + width + " × " + height + " at " + x + ", " + y
                + (primary ? "  (primary)" : "");
    }
}
