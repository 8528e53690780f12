/** Grabbers on a real X server. */
@NullMarked
package io.quickdrop.agent.grab;

import org.jspecify.annotations.NullMarked;
