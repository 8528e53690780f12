/** Who may do what: hosts, origins, pairing, device keys, the operator's token, rate limits and the audit log. */
@NullMarked
package io.quickdrop.server.access;

import org.jspecify.annotations.NullMarked;
