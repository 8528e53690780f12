/** Change detection on pictures made for it. */
@NullMarked
package io.quickdrop.agent.tiles;

import org.jspecify.annotations.NullMarked;
