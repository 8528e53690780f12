/** Tests of the HTTP room. */
@NullMarked
package io.quickdrop.server.http;

import org.jspecify.annotations.NullMarked;
