/** How the agent reaches its server: the first look at an unknown one, and connections to a known one only. */
@NullMarked
package io.quickdrop.agent.link;

import org.jspecify.annotations.NullMarked;
