/**
 * The bytes of recordings as files: what arrives lies in {@code .quickdrop/incoming} of the output folder, and what is
 * whole and verified stands directly in the output folder. What is acknowledged is decided by the catalogue alone
 * (docs/adr/0002).
 */
@NullMarked
package io.quickdrop.server.recordings;

import org.jspecify.annotations.NullMarked;
