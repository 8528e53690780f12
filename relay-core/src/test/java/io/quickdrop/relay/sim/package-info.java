/**
 * A world in virtual time, made from one seed: the real {@link io.quickdrop.relay.driver.Relay} and real {@link
 * io.quickdrop.relay.driver.client.UploadClient}s, with links, disks and processes between them that fail in every way known. Its
 * promises are looked at after every event. Shipped in the test-jar, so that embedders can test their own apps in it.
 */
@NullMarked
package io.quickdrop.relay.sim;

import org.jspecify.annotations.NullMarked;
