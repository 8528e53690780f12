/** Recordings over plain HTTPS: what the protocol's document promises, and what {@code curl} makes of it. */
@NullMarked
package io.quickdrop.system.uploads;

import org.jspecify.annotations.NullMarked;
