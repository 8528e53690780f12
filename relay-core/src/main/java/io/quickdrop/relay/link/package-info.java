/** The life of one connection, the same for every kind of peer: signs of life, back-off, and when to stop reading. */
@NullMarked
package io.quickdrop.relay.link;

import org.jspecify.annotations.NullMarked;
