/** Which commands this desktop ran, on its disk, so that none runs twice however often it is sent. */
@NullMarked
package io.quickdrop.agent.journal;

import org.jspecify.annotations.NullMarked;
