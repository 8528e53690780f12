package io.quickdrop.server.access;

import java.util.Optional;

/** How other instances of the same store are recognised, and whom they send here. Safe on any thread; answers at once. */
public interface Fellowship {
    /** Nobody is. */
    Fellowship NONE = new Fellowship() {
        @Override
        public Optional<String> instance(String authorization) {
            return Optional.empty();
        }

        @Override
        public Optional<String> ticket(String token) {
            return Optional.empty();
        }

        @Override
        public boolean isOrigin(String origin) {
            return false;
        }
    };

    /** The name of the instance that sent this Authorization header; empty if none did. */
    Optional<String> instance(String authorization);

    /** The name of the instance that gave this ticket to a viewer; empty if it is none, or too old. */
    Optional<String> ticket(String token);

    /** Whether pages of this Origin are another instance's. */
    boolean isOrigin(String origin);
}
