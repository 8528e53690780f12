/**
 * The time and the threads that machines run on, and what hands them their work in order and in time. Embedders need
 * {@link io.quickdrop.relay.driver.threads.ThreadWorkers} only; the rest is for the drivers.
 */
@NullMarked
package io.quickdrop.relay.driver.threads;

import org.jspecify.annotations.NullMarked;
