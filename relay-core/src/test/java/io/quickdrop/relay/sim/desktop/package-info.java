/** A simulated desktop, its viewers and the ways between them: whole rooms from one seed. */
@NullMarked
package io.quickdrop.relay.sim.desktop;

import org.jspecify.annotations.NullMarked;
