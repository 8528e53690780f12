/** Being one of several servers on one store: who the others are, how they are reached and believed, who has died. */
@NullMarked
package io.quickdrop.server.cluster;

import org.jspecify.annotations.NullMarked;
