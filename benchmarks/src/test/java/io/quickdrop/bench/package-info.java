/** Short runs of the benchmarks, so that they stay runnable; the figures in docs/evidence.md come from long ones. */
@NullMarked
package io.quickdrop.bench;

import org.jspecify.annotations.NullMarked;
