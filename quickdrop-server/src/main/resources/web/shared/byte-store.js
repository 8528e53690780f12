/**
 * Where the bytes of a take wait until the laptop has them.
 *
 * @typedef {object} ByteStore A journal that survives a reload can take this one's place.
 * @property {number} start first offset that is still held
 * @property {number} end offset behind the last byte
 * @property {number} heldBytes what is held now, bytes
 * @property {(bytes: Uint8Array) => void} append adds bytes at `end`
 * @property {(offset: number, length: number) => Uint8Array} slice exactly that many bytes from the middle
 * @property {(below: number) => void} forget bytes below that offset are safe elsewhere and may go
 * @property {() => Uint8Array[]} rest everything that is held, in order
 * @property {() => void} clear everything goes
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
  #keptAlthoughSafeBytes;

  /** @param {number} [keptAlthoughSafeBytes] */
  constructor(keptAlthoughSafeBytes = KEPT_ALTHOUGH_SAFE_BYTES) {
    this.#keptAlthoughSafeBytes = keptAlthoughSafeBytes;
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

  /** @param {Uint8Array} bytes kept, not copied: the caller must not write into it any more */
  append(bytes) {
    if (bytes.length === 0) return;
    this.#pieces.push({ offset: this.#end, bytes });
    this.#end += bytes.length;
    this.#heldBytes += bytes.length;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @returns {Uint8Array} exactly `length` bytes; a view where one piece holds them all, else a copy
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
    while (gone < this.#pieces.length && this.#heldBytes > this.#keptAlthoughSafeBytes) {
      const piece = this.#pieces[gone];
      if (piece.offset + piece.bytes.length > below) break;
      this.#heldBytes -= piece.bytes.length;
      gone++;
    }
    if (gone > 0) this.#pieces.splice(0, gone);
  }

  rest() {
    return this.#pieces.map((piece) => piece.bytes);
  }

  clear() {
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
