/**
 * The bytes of a file of the person's own, read from where it lies: never more than a block of it is in memory, however
 * long it is.
 */

/** Read at once: a chunk is far less, and asking a phone's storage for each is slow. */
const BLOCK_BYTES = 1024 * 1024;

/** @typedef {import("./byte-store.js").ByteStore} ByteStore */

/** @implements {ByteStore} */
export class FileByteStore {
  whole = true;
  /** A page can't find a picked file again by itself; only a copy of it. */
  lasting = false;
  memoryOnlyBytes = 0;

  #file;
  #onCleared;
  #block = { offset: 0, bytes: new Uint8Array(0) };

  /**
   * @param {Blob} file as it was when it was picked: a browser refuses to read one that was changed since
   * @param {() => Promise<unknown>} [onCleared] nobody needs it here any more
   */
  constructor(file, onCleared = async () => {}) {
    this.#file = file;
    this.#onCleared = onCleared;
  }

  get heldBytes() {
    return this.#block.bytes.length;
  }

  /** @returns {Promise<void>} */
  async append() {
    throw new Error("a file that was picked does not grow");
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  async read(offset, length) {
    if (offset < 0 || length < 1 || offset + length > this.#file.size) {
      throw new RangeError(`bytes ${offset}+${length}: the file has ${this.#file.size}`);
    }
    let { offset: from, bytes } = this.#block;
    if (offset < from || offset + length > from + bytes.length) {
      from = offset;
      const block = this.#file.slice(offset, Math.max(offset + length, Math.min(offset + BLOCK_BYTES, this.#file.size)));
      bytes = new Uint8Array(await block.arrayBuffer());
      if (bytes.length !== block.size) {
        throw new DOMException(`found ${bytes.length} of ${block.size} bytes at ${offset}`, "NotReadableError");
      }
      this.#block = { offset, bytes };
    }
    return bytes.subarray(offset - from, offset - from + length);
  }

  forget() {}

  async describe() {}

  async clear() {
    this.#block = { offset: 0, bytes: new Uint8Array(0) };
    this.whole = false;
    await this.#onCleared();
  }
}
