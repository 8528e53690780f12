/** What becomes of each order to an agent, until somebody is told. Pure; confined to one thread by its driver. */
@NullMarked
package io.quickdrop.relay.desktop.command;

import org.jspecify.annotations.NullMarked;
