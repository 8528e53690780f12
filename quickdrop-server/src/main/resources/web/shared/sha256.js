/**
 * SHA-256 (FIPS 180-4) of bytes that arrive piece by piece. `crypto.subtle.digest` wants the whole at once, and a
 * recording is hashed while it grows and forgotten while it is sent.
 */

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = fractionsOfRoots(64, 3);
/** The same of the square roots of the first 8 primes. */
const INITIAL_STATE = fractionsOfRoots(8, 2);

const BLOCK_BYTES = 64;

export class Sha256 {
  #state = Int32Array.from(INITIAL_STATE);
  #schedule = new Int32Array(64);
  #block = new Uint8Array(BLOCK_BYTES);
  #filled = 0;
  #totalBytes = 0;

  /**
   * @param {Uint8Array} bytes the next bytes
   * @returns {this}
   */
  update(bytes) {
    this.#totalBytes += bytes.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(BLOCK_BYTES - this.#filled, bytes.length);
      this.#block.set(bytes.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < BLOCK_BYTES) return this;
      this.#compress(this.#block, 0);
      this.#filled = 0;
    }
    for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) this.#compress(bytes, at);
    this.#block.set(bytes.subarray(at), 0);
    this.#filled = bytes.length - at;
    return this;
  }

  /**
   * Ends the hash; the object is spent afterwards.
   * @returns {string} 64 lower-case hex digits
   */
  hex() {
    const totalBytes = this.#totalBytes;
    // Padding: a one bit, zeros up to 8 bytes short of a block, the length in bits as 64 bits.
    const padding = new Uint8Array(BLOCK_BYTES * (this.#filled < BLOCK_BYTES - 8 ? 1 : 2) - this.#filled);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(totalBytes) * 8n);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /**
   * @param {Uint8Array} bytes
   * @param {number} at where the block of 64 bytes starts
   */
  #compress(bytes, at) {
    const w = this.#schedule;
    for (let i = 0; i < 16; i++, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    const state = this.#state;
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

/**
 * The constants by exact integer arithmetic rather than by a table that could hold a typing error.
 * @param {number} count how many primes
 * @param {number} degree 2 for square, 3 for cube roots
 */
function fractionsOfRoots(count, degree) {
  const words = new Int32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let prime = true;
    for (let d = 2; d * d <= candidate; d++) prime = prime && candidate % d !== 0;
    if (prime) words[found++] = Number(BigInt.asIntN(32, integerRoot(BigInt(candidate) << BigInt(32 * degree), degree)));
  }
  return words;
}

/**
 * @param {bigint} value
 * @param {number} degree
 * @returns {bigint} the largest r with r^degree ≤ value
 */
function integerRoot(value, degree) {
  let low = 0n;
  let high = 1n << 40n; // the largest root asked for is ∛311 · 2^32 < 2^36
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= value) low = middle;
    else high = middle;
  }
  return low;
}
