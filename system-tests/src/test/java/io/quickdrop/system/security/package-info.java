/** What the server refuses, tried from outside. */
@NullMarked
package io.quickdrop.system.security;

import org.jspecify.annotations.NullMarked;
