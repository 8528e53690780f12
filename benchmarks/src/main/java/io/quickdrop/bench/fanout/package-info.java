/**
 * What it costs to show one desktop to many viewers: the relay's fan-out beside plain Netty's, the same bytes in the same
 * run.
 */
@NullMarked
package io.quickdrop.bench.fanout;

import org.jspecify.annotations.NullMarked;
