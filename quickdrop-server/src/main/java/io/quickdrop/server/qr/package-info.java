/** QR codes for the dashboard (SVG path) and for the terminal (text). */
@NullMarked
package io.quickdrop.server.qr;

import org.jspecify.annotations.NullMarked;
