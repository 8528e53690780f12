/**
 * The end of the agent, whose desktop is watched: its session, and how much it sends and how well. Pure; confined to one
 * thread each by their driver.
 */
@NullMarked
package io.quickdrop.relay.desktop.agent;

import org.jspecify.annotations.NullMarked;
