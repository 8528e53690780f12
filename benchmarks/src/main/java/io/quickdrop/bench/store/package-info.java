/** What the store can do in a second: SQLite beside PostgreSQL. */
@NullMarked
package io.quickdrop.bench.store;

import org.jspecify.annotations.NullMarked;
