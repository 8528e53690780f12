/** Who this desktop is and which server it knows: its key pair, the servers' pinned keys, and the private folder for both. */
@NullMarked
package io.quickdrop.agent.identity;

import org.jspecify.annotations.NullMarked;
