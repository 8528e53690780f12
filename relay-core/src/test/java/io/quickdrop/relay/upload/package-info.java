/** The upload machines, fed with facts and compared with what follows. */
@NullMarked
package io.quickdrop.relay.upload;

import org.jspecify.annotations.NullMarked;
