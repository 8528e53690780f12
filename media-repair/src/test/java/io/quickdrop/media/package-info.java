/** Tests of the child process, run in this one on files of their own making. */
@NullMarked
package io.quickdrop.media;

import org.jspecify.annotations.NullMarked;
