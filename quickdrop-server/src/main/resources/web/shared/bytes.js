/** Small work on bytes. */

/**
 * @param {Uint8Array[]} pieces
 * @returns {Uint8Array<ArrayBuffer>} one after the other
 */
export function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} bytes few
 * @returns {string}
 */
export function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * @param {string} hex
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytesOfHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
