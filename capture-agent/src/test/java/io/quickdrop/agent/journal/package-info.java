/** Tests of the journal of commands. */
@NullMarked
package io.quickdrop.agent.journal;

import org.jspecify.annotations.NullMarked;
