/**
 * Desktop streaming: the machines of both ends. Pure: no I/O, no threads, no clock; confined to one thread each by their
 * driver.
 */
@NullMarked
package io.quickdrop.relay.desktop;

import org.jspecify.annotations.NullMarked;
