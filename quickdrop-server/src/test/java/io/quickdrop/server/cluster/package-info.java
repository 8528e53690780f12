/** Tests of being one of several servers. */
@NullMarked
package io.quickdrop.server.cluster;

import org.jspecify.annotations.NullMarked;
