/** Several servers on one store, as real processes: killed, frozen and cut off from each other and from the store. */
@NullMarked
package io.quickdrop.system.cluster;

import org.jspecify.annotations.NullMarked;
