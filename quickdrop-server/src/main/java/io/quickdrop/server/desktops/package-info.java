/** Which desktops may register: their keys, how a key is enrolled, approved and revoked, and what people see of that. */
@NullMarked
package io.quickdrop.server.desktops;

import org.jspecify.annotations.NullMarked;
