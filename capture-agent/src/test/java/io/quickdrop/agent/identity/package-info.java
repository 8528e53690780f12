/** Keys, pins and files as a second run and an attacker would find them. */
@NullMarked
package io.quickdrop.agent.identity;

import org.jspecify.annotations.NullMarked;
