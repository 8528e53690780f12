/** Tests of what desktops and viewers of v1 say and are told. */
@NullMarked
package io.quickdrop.protocol.v1;

import org.jspecify.annotations.NullMarked;
