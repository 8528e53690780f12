/** Reading containers and writing new ones by copying packets. */
@NullMarked
package io.quickdrop.media.container;

import org.jspecify.annotations.NullMarked;
