/** Tests of {@code quickdrop send} against a relay in this process. */
@NullMarked
package io.quickdrop.server.send;

import org.jspecify.annotations.NullMarked;
