/** File names, made by the server: a label from a peer is data and never a path. */
@NullMarked
package io.quickdrop.server.names;

import org.jspecify.annotations.NullMarked;
