/**
 * One desktop at the server: {@link io.quickdrop.relay.desktop.DesktopRoom}, its agent and its viewers. Pure, as are the rooms
 * in it: no I/O, no threads, no clock; confined to one thread each by their driver.
 */
@NullMarked
package io.quickdrop.relay.desktop;

import org.jspecify.annotations.NullMarked;
