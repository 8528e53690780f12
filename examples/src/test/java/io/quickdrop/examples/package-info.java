/** Runs the examples. */
@NullMarked
package io.quickdrop.examples;

import org.jspecify.annotations.NullMarked;
