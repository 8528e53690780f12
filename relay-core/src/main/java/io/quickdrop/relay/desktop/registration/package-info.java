/**
 * How an agent is let in: who it proves to be, and that its desktop is stored before it is told so. Pure; confined to one
 * thread by its driver.
 */
@NullMarked
package io.quickdrop.relay.desktop.registration;

import org.jspecify.annotations.NullMarked;
