/** Tests of the machines of both ends of a desktop. */
@NullMarked
package io.quickdrop.relay.desktop;

import org.jspecify.annotations.NullMarked;
