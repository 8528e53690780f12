/** Why no phone gets through: what was seen at the door, what this computer says of itself, and what follows from both. */
@NullMarked
package io.quickdrop.server.doctor;

import org.jspecify.annotations.NullMarked;
