/**
 * Where the bytes of a take wait until the laptop has them.
 *
 * @typedef {object} ByteStore
 * @property {number} heldBytes what of it is in this page's memory now
 * @property {boolean} whole whether every byte from 0 on can still be read
 * @property {boolean} lasting whether what comes is kept on this phone's disk
 * @property {number} memoryOnlyBytes what a reload of the page would lose
 * @property {(bytes: Uint8Array) => Promise<void>} append adds bytes at the end; fulfilled, in order, once they are kept
 *     as well as this store can: only then may they be sent. The caller must not write into them any more.
 * @property {(offset: number, length: number) => Promise<Uint8Array>} read exactly that many bytes from the middle;
 *     rejects with what the person should know when they are not held any more
 * @property {(below: number) => void} forget bytes below that offset are safe elsewhere: memory may let them go
 * @property {(facts: Record<string, any>) => Promise<void>} describe keeps what is known of the take beside its bytes
 * @property {() => Promise<void>} clear everything goes, for ever
 */

/**
 * Safe bytes are still kept up to this much, so that a short take can be rescued whole onto the phone when the
 * laptop turns out to refuse it at the end.
 */
const KEPT_ALTHOUGH_SAFE_BYTES = 32 * 1024 * 1024;

/** @implements {ByteStore} */
export class MemoryByteStore {
  /** @type {{offset: number, bytes: Uint8Array}[]} in order, without gaps */
  #pieces = [];
  #end = 0;
  #heldBytes = 0;
  /** Safe bytes are kept up to this much. */
  keptAlthoughSafeBytes;

  /**
   * @param {number} [keptAlthoughSafeBytes]
   * @param {number} [start] the offset of the first byte to come
   */
  constructor(keptAlthoughSafeBytes = KEPT_ALTHOUGH_SAFE_BYTES, start = 0) {
    this.keptAlthoughSafeBytes = keptAlthoughSafeBytes;
    this.#end = start;
  }

  get whole() {
    return this.start === 0;
  }

  get start() {
    return this.#pieces.length > 0 ? this.#pieces[0].offset : this.#end;
  }

  get end() {
    return this.#end;
  }

  get heldBytes() {
    return this.#heldBytes;
  }

  lasting = false;

  get memoryOnlyBytes() {
    return this.#heldBytes;
  }

  /** @param {Uint8Array} bytes kept, not copied: the caller must not write into it any more */
  async append(bytes) {
    if (bytes.length === 0) return;
    this.#pieces.push({ offset: this.#end, bytes });
    this.#end += bytes.length;
    this.#heldBytes += bytes.length;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<Uint8Array>} exactly `length` bytes; a view where one piece holds them all, else a copy
   */
  async read(offset, length) {
    return this.slice(offset, length);
  }

  /**
   * The same at once.
   * @param {number} offset
   * @param {number} length
   * @returns {Uint8Array}
   */
  slice(offset, length) {
    if (offset < this.start || length < 1 || offset + length > this.#end) {
      throw new RangeError(`bytes ${offset}+${length}: held are ${this.start} to ${this.#end}`);
    }
    let index = this.#pieceAt(offset);
    const first = this.#pieces[index];
    const from = offset - first.offset;
    if (from + length <= first.bytes.length) return first.bytes.subarray(from, from + length);
    const copy = new Uint8Array(length);
    for (let at = 0; at < length; index++) {
      const piece = this.#pieces[index];
      const skip = offset + at - piece.offset;
      const part = piece.bytes.subarray(skip, skip + length - at);
      copy.set(part, at);
      at += part.length;
    }
    return copy;
  }

  /** @param {number} below */
  forget(below) {
    let gone = 0;
    while (gone < this.#pieces.length && this.#heldBytes > this.keptAlthoughSafeBytes) {
      const piece = this.#pieces[gone];
      if (piece.offset + piece.bytes.length > below) break;
      this.#heldBytes -= piece.bytes.length;
      gone++;
    }
    if (gone > 0) this.#pieces.splice(0, gone);
  }

  async describe() {}

  async clear() {
    this.#pieces = [];
    this.#heldBytes = 0;
  }

  /** @param {number} offset */
  #pieceAt(offset) {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#pieces[middle].offset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
