/** Makes takes seekable after they are saved, and one file of several parts: each by a child process with limits. */
@NullMarked
package io.quickdrop.server.playback;

import org.jspecify.annotations.NullMarked;
