/** Several instances on one PostgreSQL, with a desktop, all on one computer: {@code ./quickdrop cluster-demo}. */
@NullMarked
package io.quickdrop.demo;

import org.jspecify.annotations.NullMarked;
