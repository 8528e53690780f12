/** Networks that cut, fall silent, and damage what they carry; and peers that stand still. */
@NullMarked
package io.quickdrop.system.faults.link;

import org.jspecify.annotations.NullMarked;
