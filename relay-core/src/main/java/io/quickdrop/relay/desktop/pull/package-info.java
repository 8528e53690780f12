/** How one desktop of another instance is brought here, once: when to connect there, what to ask for, what to believe. */
@NullMarked
package io.quickdrop.relay.desktop.pull;

import org.jspecify.annotations.NullMarked;
