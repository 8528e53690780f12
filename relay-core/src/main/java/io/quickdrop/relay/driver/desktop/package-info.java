/**
 * Runs the machines of desktops at the server: {@link io.quickdrop.relay.driver.desktop.DesktopRelay}, which extends the
 * peers of agents and viewers. An embedder implements {@link io.quickdrop.relay.driver.desktop.DesktopRegistry} and
 * {@link io.quickdrop.relay.driver.desktop.DesktopGate}.
 */
@NullMarked
package io.quickdrop.relay.driver.desktop;

import org.jspecify.annotations.NullMarked;
