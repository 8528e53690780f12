/** Which monitors this machine has, which of them to show, and why there may be none. */
@NullMarked
package io.quickdrop.agent.screens;

import org.jspecify.annotations.NullMarked;
