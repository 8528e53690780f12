/** The desktop agent: {@code quickdrop agent}, its options, its exit codes, and the wiring of its rooms. */
@NullMarked
package io.quickdrop.agent;

import org.jspecify.annotations.NullMarked;
