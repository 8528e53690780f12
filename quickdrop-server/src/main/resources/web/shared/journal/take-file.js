/**
 * One take in one file that is written synchronously (`FileSystemSyncAccessHandle`, for workers only). What `append` and
 * `describe` returned from is on the disk; what they were interrupted in is found at the next `open` and cut off.
 */
import { crc32c } from "../crc32c.js";
import {
  decodeFrameHeader,
  decodeSlot,
  encodeFrameHeader,
  encodeSlot,
  FRAME_HEADER_BYTES,
  FRAMES_START,
  MAX_FRAME_BYTES,
  SLOT_BYTES,
} from "./frames.js";

/**
 * @typedef {object} Handle the part of `FileSystemSyncAccessHandle` that is used
 * @property {(into: Uint8Array, options: {at: number}) => number} read
 * @property {(bytes: Uint8Array, options: {at: number}) => number} write
 * @property {(size: number) => void} truncate
 * @property {() => number} getSize
 * @property {() => void} flush
 * @property {() => void} close
 */

/** A longer piece is flushed in between, so that what a power cut can have torn has a bound … */
const FLUSH_BYTES = 8 * 1024 * 1024;
/** … and lies in here. Before it each header is checked at `open`, and each payload when it is read. */
const SUSPECT_BYTES = 2 * FLUSH_BYTES;

export class TakeFile {
  /** What `describe` was last told. @type {Record<string, any>} */
  facts = {};
  /** When the last whole piece was written, milliseconds since 1970; 0: nothing was. */
  changedTs = 0;

  #handle;
  #sequence = 0;
  /** Offset in the recording of each frame's first byte. @type {number[]} */
  #offsets = [];
  #end = 0;
  /** The frame read last. */
  #cached = { index: -1, payload: new Uint8Array(0) };

  /** @param {Handle} handle this object's own from now on */
  constructor(handle) {
    this.#handle = handle;
  }

  /**
   * @param {Handle} handle of an empty file
   * @param {Record<string, any>} facts
   * @returns {TakeFile}
   */
  static create(handle, facts) {
    const file = new TakeFile(handle);
    handle.truncate(FRAMES_START);
    file.describe(facts);
    return file;
  }

  /**
   * @param {Handle} handle
   * @returns {TakeFile} with what was whole in it; the rest is cut off
   */
  static open(handle) {
    const file = new TakeFile(handle);
    const slots = [0, SLOT_BYTES]
      .map((at) => decodeSlot(file.#readAt(at, SLOT_BYTES)))
      .filter((slot) => slot !== null)
      .sort((a, b) => b.sequence - a.sequence);
    if (slots.length > 0) {
      file.facts = slots[0].facts;
      file.#sequence = slots[0].sequence;
    }
    file.#walk();
    file.#cutTornTail();
    const size = file.#positionOf(file.#offsets.length, file.#end);
    if (handle.getSize() > size) {
      handle.truncate(size);
      handle.flush();
    }
    return file;
  }

  /** Length of the recording so far. */
  get bytes() {
    return this.#end;
  }

  /**
   * Returns once they are on the disk, or throws with the file as it was.
   * @param {Uint8Array} bytes
   * @param {number} [ts] now, milliseconds since 1970
   */
  append(bytes, ts = Date.now()) {
    const before = { frames: this.#offsets.length, end: this.#end };
    try {
      let unflushed = 0;
      for (let at = 0; at < bytes.length; at += MAX_FRAME_BYTES) {
        const payload = bytes.subarray(at, at + MAX_FRAME_BYTES);
        const position = this.#positionOf(this.#offsets.length, this.#end);
        this.#writeAt(position, encodeFrameHeader(this.#end, ts, payload));
        this.#writeAt(position + FRAME_HEADER_BYTES, payload);
        this.#offsets.push(this.#end);
        this.#end += payload.length;
        unflushed += payload.length;
        if (unflushed >= FLUSH_BYTES) {
          this.#handle.flush();
          unflushed = 0;
        }
      }
      this.#handle.flush();
      this.changedTs = ts;
    } catch (error) {
      this.#offsets.length = before.frames;
      this.#end = before.end;
      this.#handle.truncate(this.#positionOf(before.frames, before.end));
      throw error;
    }
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @returns {Uint8Array<ArrayBuffer>} exactly that many bytes, in memory of their own; throws if they are not there
   *     or not what was written
   */
  read(offset, length) {
    if (offset < 0 || length < 1 || offset + length > this.#end) {
      throw new RangeError(`bytes ${offset}+${length}: held are 0 to ${this.#end}`);
    }
    const bytes = new Uint8Array(length);
    for (let at = 0, index = this.#frameAt(offset); at < length; index++) {
      const payload = this.#payload(index);
      const skip = offset + at - this.#offsets[index];
      const part = payload.subarray(skip, skip + length - at);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /**
   * Returns once they are on the disk; interrupted, it leaves the facts from before.
   * @param {Record<string, any>} facts
   */
  describe(facts) {
    const sequence = this.#sequence + 1;
    this.#writeAt((sequence % 2) * SLOT_BYTES, encodeSlot(sequence, facts));
    this.#handle.flush();
    this.#sequence = sequence;
    this.facts = facts;
  }

  close() {
    this.#handle.close();
  }

  /** Finds the frames by their headers. */
  #walk() {
    const size = this.#handle.getSize();
    for (let position = FRAMES_START; ; ) {
      const header = decodeFrameHeader(this.#readAt(position, FRAME_HEADER_BYTES));
      if (!header || header.offset !== this.#end || header.length < 1 || header.length > MAX_FRAME_BYTES) return;
      position += FRAME_HEADER_BYTES + header.length;
      if (position > size) return;
      this.#offsets.push(header.offset);
      this.#end += header.length;
      this.changedTs = header.ts;
    }
  }

  #cutTornTail() {
    const suspect = this.#end - SUSPECT_BYTES;
    for (let index = suspect > 0 ? this.#frameAt(suspect) : 0; index < this.#offsets.length; index++) {
      try {
        this.#payload(index);
      } catch (error) {
        console.warn("the end of a journalled take was not written whole", error);
        this.#end = this.#offsets[index];
        this.#offsets.length = index;
      }
    }
  }

  /** @param {number} index */
  #payload(index) {
    if (this.#cached.index === index) return this.#cached.payload;
    const offset = this.#offsets[index];
    const position = this.#positionOf(index, offset);
    const header = decodeFrameHeader(this.#readAt(position, FRAME_HEADER_BYTES));
    const payload = header ? this.#readAt(position + FRAME_HEADER_BYTES, header.length) : null;
    if (!header || !payload || payload.length !== header.length || crc32c(payload) !== header.crc) {
      throw new DOMException(`the journal is damaged at offset ${offset}`, "DataError");
    }
    this.#cached = { index, payload };
    return payload;
  }

  /**
   * @param {number} index of a frame
   * @param {number} offset of its payload in the recording
   */
  #positionOf(index, offset) {
    return FRAMES_START + index * FRAME_HEADER_BYTES + offset;
  }

  /** @param {number} offset */
  #frameAt(offset) {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * @param {number} position
   * @param {number} length
   * @returns {Uint8Array} fewer bytes where the file ends
   */
  #readAt(position, length) {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, this.#handle.read(bytes, { at: position }));
  }

  /**
   * @param {number} position
   * @param {Uint8Array} bytes
   */
  #writeAt(position, bytes) {
    const written = this.#handle.write(bytes, { at: position });
    if (written !== bytes.length) {
      throw new DOMException(`${written} of ${bytes.length} bytes were written`, "QuotaExceededError");
    }
  }
}
