/** Tests of the ways to servers. */
@NullMarked
package io.quickdrop.agent.link;

import org.jspecify.annotations.NullMarked;
