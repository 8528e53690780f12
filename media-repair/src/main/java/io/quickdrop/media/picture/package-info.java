/** A picture that stands for a take. */
@NullMarked
package io.quickdrop.media.picture;

import org.jspecify.annotations.NullMarked;
