/**
 * What the server knows about uploads, recordings and devices, in one SQLite file with one writer that commits for all
 * who wait at once. No bytes of recordings pass here: those are files, see {@code io.quickdrop.server.recordings}.
 */
@NullMarked
package io.quickdrop.server.catalogue;

import org.jspecify.annotations.NullMarked;
