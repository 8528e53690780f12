/**
 * Puts through what came to the wrong one of several servers: the messages of an uploader whose session another server has, and
 * requests for what another one keeps.
 */
@NullMarked
package io.quickdrop.server.forward;

import org.jspecify.annotations.NullMarked;
