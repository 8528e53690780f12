/** Every address under which a phone may reach this computer, in words and best first. */
@NullMarked
package io.quickdrop.server.addresses;

import org.jspecify.annotations.NullMarked;
