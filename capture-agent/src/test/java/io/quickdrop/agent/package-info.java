/** The agent as a whole: its rooms, and its command line as a real process. */
@NullMarked
package io.quickdrop.agent;

import org.jspecify.annotations.NullMarked;
