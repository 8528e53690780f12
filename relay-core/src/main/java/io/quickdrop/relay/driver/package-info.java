/**
 * Runs the machines: one serial inbox per machine, one timer, and the two small interfaces that an embedder implements,
 * {@link io.quickdrop.relay.driver.Connection} and {@link io.quickdrop.relay.driver.RecordingStore}.
 */
@NullMarked
package io.quickdrop.relay.driver;

import org.jspecify.annotations.NullMarked;
