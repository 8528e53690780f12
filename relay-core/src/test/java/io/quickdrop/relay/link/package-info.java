/** The parts of a connection's life, each by itself. */
@NullMarked
package io.quickdrop.relay.link;

import org.jspecify.annotations.NullMarked;
