/** Server processes that are killed, at labelled points and at random. */
@NullMarked
package io.quickdrop.system.faults.process;

import org.jspecify.annotations.NullMarked;
