/**
 * Figures by side-by-side runs: what an upload costs the server, beside the plain cost of writing and forcing the same
 * bytes. Each round runs both in turn; ratios and medians count, not single times.
 */
@NullMarked
package io.quickdrop.bench;

import org.jspecify.annotations.NullMarked;
