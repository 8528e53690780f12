/**
 * The end that dials: a connection that heals, and {@link io.quickdrop.relay.driver.client.UploadClient} on it. An embedder
 * implements {@link io.quickdrop.relay.driver.client.Connector}.
 */
@NullMarked
package io.quickdrop.relay.driver.client;

import org.jspecify.annotations.NullMarked;
