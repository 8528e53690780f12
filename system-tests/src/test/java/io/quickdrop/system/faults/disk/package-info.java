/** Disks that fail, fill, dawdle, lose power or change what was written. */
@NullMarked
package io.quickdrop.system.faults.disk;

import org.jspecify.annotations.NullMarked;
