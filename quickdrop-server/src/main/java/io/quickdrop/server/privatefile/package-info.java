/** Files that only the owner may read (keys, tokens, the audit log), written so that a crash leaves the old or the new one. */
@NullMarked
package io.quickdrop.server.privatefile;

import org.jspecify.annotations.NullMarked;
