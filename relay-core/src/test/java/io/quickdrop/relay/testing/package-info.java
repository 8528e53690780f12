/** What tests of several modules break connections with. */
@NullMarked
package io.quickdrop.relay.testing;

import org.jspecify.annotations.NullMarked;
