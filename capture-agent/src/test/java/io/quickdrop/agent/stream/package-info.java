/** What is sent of a screen. */
@NullMarked
package io.quickdrop.agent.stream;

import org.jspecify.annotations.NullMarked;
