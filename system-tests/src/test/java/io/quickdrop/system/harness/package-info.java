/** What the system tests are made of: a real server as a child process, a bad network, and clients seen from outside. */
@NullMarked
package io.quickdrop.system.harness;

import org.jspecify.annotations.NullMarked;
