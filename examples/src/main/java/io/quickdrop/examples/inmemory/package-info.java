/** Both ends of an upload wired together: no network, no threads, no clock. */
@NullMarked
package io.quickdrop.examples.inmemory;

import org.jspecify.annotations.NullMarked;
