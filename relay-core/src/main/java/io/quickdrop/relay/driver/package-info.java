/**
 * Runs the machines of uploads at the server, behind the small interfaces that an embedder implements:
 * {@link io.quickdrop.relay.driver.Connection} and {@link io.quickdrop.relay.driver.RecordingStore}. The hub is
 * {@link io.quickdrop.relay.driver.Relay}, one open WebSocket of it a {@link io.quickdrop.relay.driver.Peer}.
 */
@NullMarked
package io.quickdrop.relay.driver;

import org.jspecify.annotations.NullMarked;
