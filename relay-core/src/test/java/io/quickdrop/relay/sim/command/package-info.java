/** Commands of one desktop in a world where instances, the agent, the store and the links between them fail. */
@NullMarked
package io.quickdrop.relay.sim.command;

import org.jspecify.annotations.NullMarked;
