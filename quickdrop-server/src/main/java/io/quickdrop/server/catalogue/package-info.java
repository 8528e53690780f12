/**
 * What servers know about uploads, recordings, devices, desktops and each other, behind one interface: in one SQLite file with one
 * writer that commits for all who wait at once, or in a PostgreSQL that several servers share. The tables are the same and speak
 * SQL that both understand; what differs ends at {@link io.quickdrop.server.catalogue.Catalogue}. No bytes of recordings pass here: those are files, see {@code io.quickdrop.server.recordings}.
 */
@NullMarked
package io.quickdrop.server.catalogue;

import org.jspecify.annotations.NullMarked;
