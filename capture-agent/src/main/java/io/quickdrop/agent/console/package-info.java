/** What the person in front of this desktop sees: how it goes, and who looks. */
@NullMarked
package io.quickdrop.agent.console;

import org.jspecify.annotations.NullMarked;
