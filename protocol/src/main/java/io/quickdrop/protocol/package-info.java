/**
 * The wire contract: every message as a record of one sealed {@link io.quickdrop.protocol.Message}, the text and binary
 * codec, limits, close codes and error names. Pure values; every type here is immutable and safe on any thread.
 *
 * <p>The contract in prose, with examples that a test reads, is {@code docs/protocol.md}.
 */
@NullMarked
package io.quickdrop.protocol;

import org.jspecify.annotations.NullMarked;
