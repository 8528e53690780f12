/** Wall clocks that jump. */
@NullMarked
package io.quickdrop.system.faults.clock;

import org.jspecify.annotations.NullMarked;
