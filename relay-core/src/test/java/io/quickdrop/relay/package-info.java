/** Shows who knows whom in this module. */
@NullMarked
package io.quickdrop.relay;

import org.jspecify.annotations.NullMarked;
