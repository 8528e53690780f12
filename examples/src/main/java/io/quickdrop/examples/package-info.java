/** The shortest way to take uploads in an app of one's own; the packages below are whole programs. */
@NullMarked
package io.quickdrop.examples;

import org.jspecify.annotations.NullMarked;
