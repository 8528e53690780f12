/** Reads screens: one {@link io.quickdrop.agent.grab.Grabber} per platform, all giving the same raw rows. */
@NullMarked
package io.quickdrop.agent.grab;

import org.jspecify.annotations.NullMarked;
