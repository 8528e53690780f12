/** Pixels to JPEG, PNG and WebP with FFmpeg's encoders, and the choice between them. */
@NullMarked
package io.quickdrop.agent.encode;

import org.jspecify.annotations.NullMarked;
