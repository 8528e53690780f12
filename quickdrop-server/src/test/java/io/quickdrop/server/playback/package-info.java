/** Tests of what is made of takes after they are saved. */
@NullMarked
package io.quickdrop.server.playback;

import org.jspecify.annotations.NullMarked;
