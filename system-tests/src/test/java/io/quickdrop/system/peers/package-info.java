/** Those who send and watch desktops, as tests need them: the real agent as a process, and clients that misbehave. */
@NullMarked
package io.quickdrop.system.peers;

import org.jspecify.annotations.NullMarked;
