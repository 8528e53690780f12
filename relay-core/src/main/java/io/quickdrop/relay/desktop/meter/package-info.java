/** Measures of a stream from what was sent and what arrived. Pure; confined to one thread each by their owner. */
@NullMarked
package io.quickdrop.relay.desktop.meter;

import org.jspecify.annotations.NullMarked;
