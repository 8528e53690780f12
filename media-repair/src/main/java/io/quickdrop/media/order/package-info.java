/** What a parent process orders and what it hears back; knows nothing of FFmpeg, so that a server can know it. */
@NullMarked
package io.quickdrop.media.order;

import org.jspecify.annotations.NullMarked;
