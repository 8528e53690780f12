/** What several tests need: a display of their own, and programs on it. */
@NullMarked
package io.quickdrop.agent.testing;

import org.jspecify.annotations.NullMarked;
