/** What a person reads. */
@NullMarked
package io.quickdrop.agent.console;

import org.jspecify.annotations.NullMarked;
