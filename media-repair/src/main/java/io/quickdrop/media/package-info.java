/** The child process that reads takes: one order on its command line, one line of JSON as its answer. */
@NullMarked
package io.quickdrop.media;

import org.jspecify.annotations.NullMarked;
