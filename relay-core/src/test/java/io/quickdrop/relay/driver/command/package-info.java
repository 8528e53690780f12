/** What every store of commands keeps to, and how an instance takes and tells of them. */
@NullMarked
package io.quickdrop.relay.driver.command;

import org.jspecify.annotations.NullMarked;
