/** What every row of the fault suite shares: its seed and count, traffic of uploads, and one judgement. */
@NullMarked
package io.quickdrop.system.faults.trial;

import org.jspecify.annotations.NullMarked;
