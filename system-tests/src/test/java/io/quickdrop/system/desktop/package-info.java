/** Desktops end to end: real screens, the real agent, the real server over TLS, a real browser, bad links and broken disks. */
@NullMarked
package io.quickdrop.system.desktop;

import org.jspecify.annotations.NullMarked;
