/** Runs the examples. */
@NullMarked
package io.quickdrop.examples.javawebsocket;

import org.jspecify.annotations.NullMarked;
