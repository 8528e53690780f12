/**
 * Runs the machines of the agent, the end whose desktop is watched: {@link io.quickdrop.relay.driver.agent.DesktopAgent}. An
 * embedder implements {@link io.quickdrop.relay.driver.agent.Desktop} and
 * {@link io.quickdrop.relay.driver.agent.Credentials}.
 */
@NullMarked
package io.quickdrop.relay.driver.agent;

import org.jspecify.annotations.NullMarked;
