/** The pages in a real browser on a real server: what a person with a phone and a laptop does and sees. */
@NullMarked
package io.quickdrop.system.browser;

import org.jspecify.annotations.NullMarked;
