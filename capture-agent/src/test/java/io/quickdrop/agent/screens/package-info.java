/** Finding and choosing monitors. */
@NullMarked
package io.quickdrop.agent.screens;

import org.jspecify.annotations.NullMarked;
