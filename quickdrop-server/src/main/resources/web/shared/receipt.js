/**
 * The short form of a SHA-256 that a person can compare at a glance, equal on both ends only where the bytes are: its first
 * 60 bits in Crockford's base 32 (no I, L, O, U), in three groups. The same as Java's `Receipt`.
 */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARS = 12;
const BITS = 5n;
const GROUP = 4;

/**
 * @param {string} sha256 64 lower-case hex digits
 * @returns {string} for example "4ZK1-09TQ-M3XB"
 */
export function receiptOf(sha256) {
  const bits = BigInt(`0x${sha256.slice(0, 15)}`); // 60 of them
  const digits = Array.from({ length: CHARS }, (_, i) => DIGITS[Number((bits >> (BITS * BigInt(CHARS - 1 - i))) & 31n)]);
  const groups = [];
  for (let at = 0; at < CHARS; at += GROUP) groups.push(digits.slice(at, at + GROUP).join(""));
  return groups.join("-");
}
