/** Phones of the system that this one replaces, unchanged. */
@NullMarked
package io.quickdrop.system.v1;

import org.jspecify.annotations.NullMarked;
