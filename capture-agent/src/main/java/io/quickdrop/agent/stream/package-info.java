/** Captures what the server asks for: one thread per screen that grabs, compares, encodes and sends, and stands still otherwise. */
@NullMarked
package io.quickdrop.agent.stream;

import org.jspecify.annotations.NullMarked;
