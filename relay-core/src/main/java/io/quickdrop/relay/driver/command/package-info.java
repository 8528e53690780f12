/** Commands beyond one desktop: where they are kept, who asks, and who is told what became of them. */
@NullMarked
package io.quickdrop.relay.driver.command;

import org.jspecify.annotations.NullMarked;
