/** The HTTP API that the pages and scripts use; its table is in {@code docs/http-api.md}. */
@NullMarked
package io.quickdrop.server.api;

import org.jspecify.annotations.NullMarked;
