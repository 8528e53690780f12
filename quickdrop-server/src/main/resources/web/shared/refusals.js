/** Which values of `error.reason` end a take for good (docs/protocol.md, connection). */

/** Nothing on this page can change these. The bytes stay where they are. */
const FATAL = ["integrity_mismatch", "content_conflict", "too_large", "forbidden", "session_limit", "session_unknown"];

/** Not understood: our own bug or another version, and repeating it would repeat the answer. */
const MISUNDERSTOOD = ["bad_json", "bad_field:", "unknown_type:"];

/**
 * @param {string} reason
 * @returns {boolean}
 */
export function isFatal(reason) {
  return FATAL.includes(reason) || MISUNDERSTOOD.some((prefix) => reason.startsWith(prefix));
}
