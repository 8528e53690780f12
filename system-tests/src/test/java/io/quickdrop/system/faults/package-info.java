/** The real server with everything done to it that networks, disks and power buttons do. */
@NullMarked
package io.quickdrop.system.faults;

import org.jspecify.annotations.NullMarked;
