/** Shows that the codec keeps the contract: every message survives the wire, and nothing a peer sends can throw. */
@NullMarked
package io.quickdrop.protocol;

import org.jspecify.annotations.NullMarked;
