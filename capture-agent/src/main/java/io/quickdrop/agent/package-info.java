/**
 * The desktop agent's place: screens in, encoded frames out. It holds nothing yet; the module exists so that its
 * dependency direction is guarded from the first day.
 */
@NullMarked
package io.quickdrop.agent;

import org.jspecify.annotations.NullMarked;
