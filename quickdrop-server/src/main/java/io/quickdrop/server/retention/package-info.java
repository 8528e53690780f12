/** How long what is unfinished is kept: by policy, counted in running time, never ended silently. */
@NullMarked
package io.quickdrop.server.retention;

import org.jspecify.annotations.NullMarked;
