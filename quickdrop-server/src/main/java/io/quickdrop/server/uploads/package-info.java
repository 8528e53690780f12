/** Recordings over plain HTTPS: requests of the IETF's resumable uploads, put through to the same sessions as WebSockets. */
@NullMarked
package io.quickdrop.server.uploads;

import org.jspecify.annotations.NullMarked;
