/**
 * How a page mends what the laptop has otherwise than this phone (docs/protocol.md, mending a mismatch). A round begins with
 * the laptop's `blocks` of the whole, which are compared with what this phone has, read again; where long blocks differ, the
 * laptop is asked for shorter ones; what differs is sent again; the page's next `end` ends the round. Whatever comes between
 * ends it too, since that `end` finds out again what differs. Pure; Java's `Repair` is its twin.
 *
 * @typedef {{offset: number, bytes: number, blockBytes: number}} Part
 * @typedef {Part & {hashes: string[]}} Blocks
 * @typedef {{offset: number, bytes: number}} Span
 * @typedef {({kind: "hash"} & Part)
 *         | ({kind: "compare"} & Span)
 *         | {kind: "chunk", offset: number, length: number, repair: true}
 *         | {kind: "done", sha256: string | null}} Step `hash` asks for `hashed`, `done` says that `end` comes next: with
 *     another checksum where that was what was wrong
 */
import { MAX_PAYLOAD_BYTES } from "./chunk.js";

/** Each round mends everything that differs; another is needed only if something is damaged once more. */
const MAX_ROUNDS = 5;
/** Blocks up to this length are sent again as they are: asking for shorter ones would hardly be faster. */
const FINE_BYTES = 4 * 1024 * 1024;

export class Repair {
  /** When the laptop's silence is too long; Infinity while nothing of it is awaited. */
  deadlineMs = Infinity;

  #patienceMs;
  /** Rounds that came to their end, and the laptop still has something else. */
  #rounds = 0;
  /** Everything of the round was sent, and nothing came between. */
  #complete = false;
  #differs = false;
  /** @type {string | null} the right checksum of the whole, where that was what was wrong */
  #sha256 = null;
  /** @type {"hash" | "hashing" | "comparing" | "sending"} */
  #phase = "sending";
  /** @type {Part | null} what is to be hashed */
  #part = null;
  /** @type {string[] | null} what the laptop has there; null if it is the whole that is hashed */
  #told = null;
  /** @type {Span[]} */
  #toCompare = [];
  /** @type {Span[]} */
  #toSend = [];

  /** @param {number} patienceMs after which the laptop is asked again */
  constructor(patienceMs) {
    this.#patienceMs = patienceMs;
  }

  /** Whether the laptop's next blocks belong to this round. */
  get awaitsBlocks() {
    return this.#phase === "comparing";
  }

  /** @returns {boolean} false if there were rounds enough */
  begin() {
    this.#toCompare = [];
    this.#toSend = [];
    this.#differs = false;
    this.#sha256 = null;
    if (this.#complete) this.#rounds++;
    this.#complete = false;
    return this.#rounds < MAX_ROUNDS;
  }

  /** A cut, or trouble with the laptop's disk: what was sent may not have arrived, and the round does not count. */
  interrupted() {
    this.#complete = false;
  }

  /** The person wants to try again. */
  forgiven() {
    this.#rounds = 0;
  }

  /**
   * @param {Blocks} blocks what the laptop has
   * @param {number} produced what this phone has, bytes
   * @returns {boolean} false if they are no blocks of it
   */
  look({ offset, bytes, blockBytes, hashes }, produced) {
    const whole = [offset, bytes, blockBytes].every((number) => Number.isSafeInteger(number) && number >= 0);
    if (!whole || blockBytes < 1 || offset + bytes > produced) return false;
    if (!Array.isArray(hashes) || hashes.length !== Math.ceil(bytes / blockBytes)) return false;
    this.#toCompare = this.#toCompare.filter((span) => span.offset !== offset);
    this.#hash({ offset, bytes, blockBytes }, hashes);
    return true;
  }

  /**
   * @param {Part} part
   * @param {string[] | null} told
   */
  #hash(part, told) {
    this.#phase = "hash";
    this.#part = part;
    this.#told = told;
    this.deadlineMs = Infinity;
  }

  /**
   * @param {string[]} hashes of the part that was to be hashed
   * @param {number} produced what this phone has, bytes
   */
  hashed(hashes, produced) {
    const part = this.#part;
    if (this.#phase !== "hashing" || !part) return;
    if (this.#told) this.#compare(part, this.#told, hashes);
    else this.#sha256 = hashes[0];
    if (this.#toCompare.length > 0) this.#phase = "comparing";
    else if (this.#differs || this.#sha256 || produced === 0) this.#phase = "sending";
    else this.#hash({ offset: 0, bytes: produced, blockBytes: produced }, null); // the checksum of the whole was wrong
  }

  /**
   * @param {Part} part
   * @param {string[]} theirs
   * @param {string[]} ours
   */
  #compare({ offset, bytes, blockBytes }, theirs, ours) {
    theirs.forEach((hash, i) => {
      if (hash === ours[i]) return;
      this.#differs = true;
      const from = offset + i * blockBytes;
      const span = { offset: from, bytes: Math.min(blockBytes, offset + bytes - from) };
      (span.bytes > FINE_BYTES ? this.#toCompare : this.#toSend).push(span);
    });
  }

  /**
   * @param {number} nowMs monotonic
   * @returns {Step | null} null: nothing for now
   */
  poll(nowMs) {
    if (this.#phase === "hash" && this.#part) {
      this.#phase = "hashing";
      return { kind: "hash", ...this.#part };
    }
    if (this.#phase === "comparing" && this.deadlineMs === Infinity) {
      this.deadlineMs = nowMs + this.#patienceMs;
      return { kind: "compare", ...this.#toCompare[0] };
    }
    return this.#phase === "sending" ? this.#next() : null;
  }

  /** @returns {Step} */
  #next() {
    const span = this.#toSend[0];
    if (!span) {
      this.#complete = true;
      return { kind: "done", sha256: this.#sha256 };
    }
    const length = Math.min(MAX_PAYLOAD_BYTES, span.bytes);
    if (length === span.bytes) this.#toSend.shift();
    else this.#toSend[0] = { offset: span.offset + length, bytes: span.bytes - length };
    return { kind: "chunk", offset: span.offset, length, repair: true };
  }

  /**
   * The laptop lives, and reads its disk.
   * @param {number} nowMs monotonic
   */
  alive(nowMs) {
    if (this.deadlineMs !== Infinity) this.deadlineMs = nowMs + this.#patienceMs;
  }

  /**
   * Time passed.
   * @param {number} nowMs monotonic
   */
  tick(nowMs) {
    if (nowMs >= this.deadlineMs) this.deadlineMs = Infinity; // poll asks again
  }
}
