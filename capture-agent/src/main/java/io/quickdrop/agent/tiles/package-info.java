/** The fixed grid that a screen is cut into, what changed on it, and what a tile holds. */
@NullMarked
package io.quickdrop.agent.tiles;

import org.jspecify.annotations.NullMarked;
