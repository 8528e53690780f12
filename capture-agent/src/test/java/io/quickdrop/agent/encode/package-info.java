/** Encoders, judged by decoders that are not FFmpeg's. */
@NullMarked
package io.quickdrop.agent.encode;

import org.jspecify.annotations.NullMarked;
