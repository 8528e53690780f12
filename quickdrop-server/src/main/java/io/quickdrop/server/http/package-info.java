/** HTTP on Netty: one HTTPS port, who may pass, which endpoint answers, and how answers are written. */
@NullMarked
package io.quickdrop.server.http;

import org.jspecify.annotations.NullMarked;
