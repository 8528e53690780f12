/**
 * A take's bytes on this phone's disk, with the newest in memory for as long as they are likely to be sent soon. When the
 * disk refuses (no room, storage taken away), what comes from then on waits in memory, and `trouble` says why.
 */
import { MemoryByteStore } from "../byte-store.js";

/** Twice what may be on its way: sending then needs no reading while it keeps up with the recorder. */
const RECENT_BYTES = 8 * 1024 * 1024;
/** Read back at once, so that the disk is not asked for each chunk. */
const READ_AHEAD_BYTES = 1024 * 1024;
/** Bytes that are in memory alone stay there up to this much although they are safe: see `MemoryByteStore`. */
const KEPT_ALTHOUGH_SAFE_BYTES = 32 * 1024 * 1024;

/** @typedef {Pick<import("./journal.js").Journal, "append" | "read" | "describe" | "remove">} Disk */

/** @implements {import("../byte-store.js").ByteStore} */
export class JournalledByteStore {
  /** Why the disk took no more; null while it does. @type {DOMException | null} */
  trouble = null;

  #disk;
  #id;
  /** Bytes on the disk, without gaps from 0 on. */
  #journalled;
  /** Offset behind the last byte that was handed over. */
  #end;
  /** The newest bytes: all that are not on the disk, and some that are. */
  #recent;
  #ahead = { offset: 0, bytes: new Uint8Array(0) };
  /** Writes, one after the other. @type {Promise<void>} */
  #writes;
  #cleared = false;

  /**
   * @param {Disk} disk
   * @param {string} id
   * @param {number} journalled bytes that are on the disk already
   * @param {Promise<void>} ready rejects when the disk takes nothing
   */
  constructor(disk, id, journalled, ready) {
    this.#disk = disk;
    this.#id = id;
    this.#journalled = journalled;
    this.#end = journalled;
    this.#recent = new MemoryByteStore(RECENT_BYTES, journalled);
    this.#writes = ready.catch((error) => this.#refuse(error));
  }

  get heldBytes() {
    return this.#recent.heldBytes + this.#ahead.bytes.length;
  }

  get whole() {
    return !this.#cleared && this.#recent.start <= this.#journalled;
  }

  get lasting() {
    return this.trouble === null;
  }

  /** Not on the disk, or not yet. */
  get memoryOnlyBytes() {
    return this.#cleared ? 0 : this.#end - this.#journalled;
  }

  /** @param {Uint8Array} bytes */
  append(bytes) {
    void this.#recent.append(bytes);
    this.#end += bytes.length;
    this.#writes = this.#writes.then(async () => {
      if (this.trouble || this.#cleared) return;
      try {
        await this.#disk.append(this.#id, bytes);
        this.#journalled += bytes.length;
        this.#recent.forget(this.#journalled);
      } catch (error) {
        this.#refuse(error);
      }
    });
    return this.#writes;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<Uint8Array>}
   */
  async read(offset, length) {
    if (offset >= this.#recent.start) return this.#recent.slice(offset, length);
    const fromDisk = Math.min(length, this.#recent.start - offset);
    const older = await this.#readDisk(offset, fromDisk);
    if (fromDisk === length) return older;
    const bytes = new Uint8Array(length);
    bytes.set(older, 0);
    bytes.set(await this.read(offset + fromDisk, length - fromDisk), fromDisk);
    return bytes;
  }

  /** @param {number} below what is on the disk stays there; only memory lets go */
  forget(below) {
    if (this.trouble) this.#recent.forget(below);
  }

  /** @param {Record<string, any>} facts kept when the bytes before them are, as far as the disk still takes them */
  describe(facts) {
    const described = this.#writes.then(async () => {
      if (this.#cleared) return;
      try {
        await this.#disk.describe(this.#id, facts);
      } catch (error) {
        this.#refuse(error);
      }
    });
    this.#writes = described;
    return described;
  }

  async clear() {
    if (this.#cleared) return;
    this.#cleared = true;
    const removed = this.#writes.then(() => this.#disk.remove(this.#id));
    void this.#recent.clear();
    this.#ahead = { offset: 0, bytes: new Uint8Array(0) };
    await removed.catch((error) => console.warn(`the journal of ${this.#id} cannot be removed`, error));
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<Uint8Array>}
   */
  async #readDisk(offset, length) {
    const ahead = this.#ahead;
    const inAhead = () => offset >= this.#ahead.offset && offset + length <= this.#ahead.offset + this.#ahead.bytes.length;
    if (!inAhead()) {
      const wanted = Math.max(length, Math.min(READ_AHEAD_BYTES, this.#journalled - offset));
      const bytes = await this.#disk.read(this.#id, offset, wanted);
      if (this.#ahead === ahead) this.#ahead = { offset, bytes };
      return bytes.subarray(0, length);
    }
    return this.#ahead.bytes.subarray(offset - this.#ahead.offset, offset - this.#ahead.offset + length);
  }

  /** @param {unknown} error */
  #refuse(error) {
    console.warn(`the journal takes no more of ${this.#id}: it goes on in memory`, error);
    this.trouble ??= error instanceof DOMException ? error : new DOMException(String(error), "UnknownError");
    this.#recent.keptAlthoughSafeBytes = KEPT_ALTHOUGH_SAFE_BYTES;
  }
}
