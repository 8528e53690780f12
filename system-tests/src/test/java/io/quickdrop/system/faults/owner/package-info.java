/** Several who want the same session: one of them has it. */
@NullMarked
package io.quickdrop.system.faults.owner;

import org.jspecify.annotations.NullMarked;
