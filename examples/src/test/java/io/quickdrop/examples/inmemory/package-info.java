/** Runs the examples. */
@NullMarked
package io.quickdrop.examples.inmemory;

import org.jspecify.annotations.NullMarked;
