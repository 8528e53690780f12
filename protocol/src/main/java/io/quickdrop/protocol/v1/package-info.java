/**
 * Desktops and viewers of v1, the system that this one replaces: JSON with pictures in base64. Read leniently, since its
 * clients differ, and translated into values that the rest of the project knows; written as its clients expect it.
 */
@NullMarked
package io.quickdrop.protocol.v1;

import org.jspecify.annotations.NullMarked;
