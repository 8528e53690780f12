/** Builds of the project in which one protection is switched off, and the trials that have to notice. */
@NullMarked
package io.quickdrop.system.faults.mutants;

import org.jspecify.annotations.NullMarked;
