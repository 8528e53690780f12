/** Desktops to look at: virtual displays, programs that draw on them, and what is truly on their glass. */
@NullMarked
package io.quickdrop.system.display;

import org.jspecify.annotations.NullMarked;
