/** The local certificate authority that phones trust once, and the server certificate that names every address. */
@NullMarked
package io.quickdrop.server.tls;

import org.jspecify.annotations.NullMarked;
