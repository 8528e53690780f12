/** The pages that browsers load, with their content security policy. */
@NullMarked
package io.quickdrop.server.pages;

import org.jspecify.annotations.NullMarked;
