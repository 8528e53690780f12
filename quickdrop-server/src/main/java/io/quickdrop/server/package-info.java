/** The runnable server: command lines, and the wiring of all rooms on one screen. */
@NullMarked
package io.quickdrop.server;

import org.jspecify.annotations.NullMarked;
