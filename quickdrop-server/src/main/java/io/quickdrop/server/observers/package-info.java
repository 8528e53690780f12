/** What dashboards see: everything as it stands, and every change after it. */
@NullMarked
package io.quickdrop.server.observers;

import org.jspecify.annotations.NullMarked;
