/** Tests of the machines that stream desktops. */
@NullMarked
package io.quickdrop.relay.desktop;

import org.jspecify.annotations.NullMarked;
