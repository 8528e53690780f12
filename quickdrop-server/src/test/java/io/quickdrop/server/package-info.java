/** Tests of the server as a whole. */
@NullMarked
package io.quickdrop.server;

import org.jspecify.annotations.NullMarked;
