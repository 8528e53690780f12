/**
 * Desktops that are connected to other instances of the same cluster: who they are, how the instance is reached that has one,
 * and the connection that brings its pictures here, once for all viewers.
 */
@NullMarked
package io.quickdrop.relay.driver.pull;

import org.jspecify.annotations.NullMarked;
