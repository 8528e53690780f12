package io.quickdrop.server.doctor;

/**
 * A firewall of this computer, as far as it can be known without rights.
 *
 * @param name as its users know it
 * @param state whether it filters
 * @param remedy what to do to let phones in
 */
public record Firewall(String name, State state, String remedy) {
    /** What is known. */
    public enum State {
        /** It filters. */
        ON,
        /** It does not. */
        OFF,
        /** It is there, and whether it filters can't be seen without rights. */
        UNKNOWN
    }
}
