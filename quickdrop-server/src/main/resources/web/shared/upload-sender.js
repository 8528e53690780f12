/**
 * The sending end of one recording, as a pure machine: no socket, no clock, no bytes. It is told facts (`connected`,
 * `produced`, `received` …) with the time they became known, and is asked by `poll` what to send next. The Java
 * `UploadSender` follows the same rules (docs/protocol.md, recordings).
 *
 * Offsets: `acknowledged ≤ next ≤ produced`. Below `acknowledged` everything survives a power cut of the laptop;
 * from there to `next` it is on its way; the rest waits.
 *
 * States:
 * - waiting: no connection
 * - opening: `start` or `resume` is on its way, `started` awaited
 * - sending: chunks flow
 * - ending: `end` is on its way, `saved` awaited
 * - stalled: the laptop cannot store for now and will say when it can
 * - saved: whole on the laptop
 * - failed: refused for good; see `failure`
 *
 * @typedef {"waiting" | "opening" | "sending" | "ending" | "stalled" | "saved" | "failed"} SenderState
 * @typedef {{mime: string, ext: string, label?: string, ts: number, totalBytes?: number,
 *     take?: import("../phone/segments.js").TakePart}} Description
 * @typedef {{type: string, [field: string]: any}} WireMessage
 *
 * @typedef {{kind: "text", message: WireMessage}
 *         | {kind: "chunk", offset: number, length: number}} Outgoing
 */
import { MAX_PAYLOAD_BYTES } from "./chunk.js";
import { isFatal } from "./refusals.js";

/** Bytes on their way at most. */
export const WINDOW_BYTES = 4 * 1024 * 1024;
/** An answer that stays away this long is asked for again, on the same connection. */
export const ANSWER_TIMEOUT_MS = 20_000;
/** After `rate_limited`, how long to be quiet. */
const QUIET_MS = 1_000;

/** Chunks already on their way repeat the same complaint; within this time one rewind answers them all. */
const SAME_COMPLAINT_MS = 1_000;

/** A damaged header looks like a conflict: say it again before giving up. */
const CONFLICT_RETRIES = 3;

export class UploadSender {
  /** @type {SenderState} */
  state = "waiting";
  /** Durable offset, bytes. */
  acknowledged = 0;
  /** Bytes handed to the present connection, counted from the recording's start. */
  next = 0;
  /** Bytes recorded so far. */
  produced = 0;
  /** @type {{reason: string, detail?: string} | null} set in `failed` */
  failure = null;
  /** @type {string | null} why the laptop cannot store, in `stalled` */
  stallReason = null;
  /** @type {WireMessage | null} the laptop's receipt, in `saved` */
  receipt = null;
  /** Changes whenever what was polled and has not gone out yet must not go out any more. */
  turn = 0;

  #sessionId;
  /** @type {() => Description} */
  #description;
  /** @type {{totalBytes: number, sha256: string, ms?: number} | null} */
  #ended = null;
  #asked = false;
  #conflicts = 0;
  #connected = false;
  #openingSent = false;
  #chunks = 0;
  #rewind = { offset: -1, atMs: -Infinity };
  /** When the present silence is too long; Infinity while nothing is awaited. */
  #deadlineMs = Infinity;

  /**
   * @param {string} sessionId
   * @param {() => Description} description asked when `start` or `resume` goes out: the recorder's real type may be
   *     known only after its first bytes
   */
  constructor(sessionId, description) {
    this.#sessionId = sessionId;
    this.#description = description;
  }

  /** Whether nothing will change any more. */
  get finished() {
    return this.state === "saved" || this.state === "failed";
  }

  /** Whether the recording is over and its length known. */
  get ended() {
    return this.#ended !== null;
  }

  /** When to call `tick` at the latest, or Infinity. */
  get deadlineMs() {
    return this.#deadlineMs;
  }

  /** A connection is open and said hello. */
  connected() {
    this.#connected = true;
    if (!this.finished) this.#open();
  }

  /** The connection is gone, with whatever was in it. */
  disconnected() {
    this.#connected = false;
    this.turn++;
    if (this.finished) return;
    this.state = "waiting";
    this.#deadlineMs = Infinity;
  }

  /** @param {number} bytes how many more were recorded */
  add(bytes) {
    if (this.#ended) throw new Error(`session ${this.#sessionId}: found bytes after the end`);
    this.produced += bytes;
  }

  /**
   * Nothing more will come.
   * @param {string} sha256 of everything recorded
   * @param {number} [ms] how long it plays
   */
  end(sha256, ms) {
    if (this.#ended) throw new Error(`session ${this.#sessionId}: ended twice`);
    this.#ended = { totalBytes: this.produced, sha256, ...(ms === undefined ? {} : { ms }) };
  }

  /**
   * This end cannot go on.
   * @param {string} reason for `failure`
   */
  giveUp(reason) {
    if (!this.finished) this.#fail(reason);
  }

  /** The person asked to try a failed recording again. */
  retry() {
    if (this.state !== "failed") return;
    this.failure = null;
    this.state = "waiting";
    if (this.#connected) this.#open();
  }

  /**
   * What to send next; asked again and again while the socket has room.
   * @param {number} nowMs monotonic
   * @returns {Outgoing | null} null: nothing for now
   */
  poll(nowMs) {
    if (this.state === "opening" && !this.#openingSent) {
      this.#openingSent = true;
      this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
      const type = this.#asked ? "resume" : "start";
      this.#asked = true;
      return { kind: "text", message: { type, sessionId: this.#sessionId, ...this.#description() } };
    }
    if (this.state !== "sending") return null;
    if (this.next < this.produced) {
      const room = this.acknowledged + WINDOW_BYTES - this.next;
      if (room <= 0) return null;
      const length = Math.min(MAX_PAYLOAD_BYTES, room, this.produced - this.next);
      const chunk = { kind: /** @type {const} */ ("chunk"), offset: this.next, length };
      if (this.next === this.acknowledged) this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS; // first of a silence
      this.next += length;
      this.#chunks++;
      return chunk;
    }
    if (this.#ended) {
      this.state = "ending";
      this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
      return {
        kind: "text",
        message: { type: "end", sessionId: this.#sessionId, ...this.#ended, chunks: this.#chunks },
      };
    }
    return null;
  }

  /**
   * A message of the server that concerns this session.
   * @param {WireMessage} message
   * @param {number} nowMs monotonic
   */
  received(message, nowMs) {
    if (this.finished || !this.#connected) return;
    switch (message.type) {
      case "started":
        return this.#started(message.bytes);
      case "progress":
        return this.#progress(message.bytes, nowMs);
      case "saved":
        return this.#saved(message);
      case "error":
        return this.#refused(message, nowMs);
      default:
        return; // a newer server may say more than this page knows
    }
  }

  /**
   * Time passed. An early or repeated tick does nothing.
   * @param {number} nowMs monotonic
   */
  tick(nowMs) {
    if (nowMs < this.#deadlineMs) return;
    this.#deadlineMs = Infinity;
    if (this.state === "ending") {
      this.state = "sending"; // poll sends `end` again
    } else if (this.state === "opening" || this.state === "stalled" || this.state === "sending") {
      this.#open(); // `started` tells where we are
    }
  }

  #open() {
    this.turn++;
    this.state = "opening";
    this.#openingSent = false;
  }

  /** @param {number} bytes */
  #started(bytes) {
    if (bytes < this.acknowledged) {
      return this.#fail("acknowledged_lost", `safe were ${this.acknowledged} bytes, the laptop now has ${bytes}`);
    }
    if (bytes > this.produced) {
      return this.#fail("server_ahead", `recorded are ${this.produced} bytes, the laptop speaks of ${bytes}`);
    }
    this.turn++;
    this.acknowledged = bytes;
    this.next = bytes;
    this.stallReason = null;
    this.state = "sending";
    this.#deadlineMs = Infinity;
  }

  /**
   * @param {number} bytes
   * @param {number} nowMs
   */
  #progress(bytes, nowMs) {
    if (bytes > this.produced) {
      return this.#fail("server_ahead", `recorded are ${this.produced} bytes, the laptop speaks of ${bytes}`);
    }
    if (bytes <= this.acknowledged) return;
    this.acknowledged = bytes;
    this.next = Math.max(this.next, bytes);
    if (this.state === "sending") {
      this.#deadlineMs = this.next > this.acknowledged ? nowMs + ANSWER_TIMEOUT_MS : Infinity;
    } else if (this.state === "ending") {
      this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
    }
  }

  /** @param {WireMessage} message */
  #saved(message) {
    const ended = this.#ended;
    if (!ended) return this.#fail("server_ahead", "the laptop says saved while the recording goes on");
    if (message.bytes !== ended.totalBytes || message.sha256 !== ended.sha256) {
      return this.#fail("integrity_mismatch", `the laptop saved ${message.bytes} bytes with another checksum`);
    }
    this.acknowledged = ended.totalBytes;
    this.next = ended.totalBytes;
    this.receipt = message;
    this.state = "saved";
    this.#deadlineMs = Infinity;
  }

  /**
   * @param {WireMessage} message
   * @param {number} nowMs
   */
  #refused(message, nowMs) {
    const reason = String(message.reason);
    if (reason === "offset_mismatch" || reason === "chunk_corrupt") {
      this.#sendAgainFrom(message.expectedOffset, nowMs);
    } else if (reason === "storage_full" || reason === "storage_failed") {
      this.state = "stalled";
      this.stallReason = reason;
      this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
    } else if (reason === "rate_limited") {
      this.state = "stalled";
      this.stallReason = reason;
      this.#deadlineMs = nowMs + QUIET_MS;
    } else if (reason === "binary_without_session" || reason === "end_without_start") {
      if (this.state !== "opening") this.#open();
    } else if (reason === "content_conflict" && this.#conflicts < CONFLICT_RETRIES) {
      this.#conflicts++;
      this.#open();
    } else if (isFatal(reason)) {
      this.#fail(reason, message.detail);
    }
  }

  /**
   * @param {unknown} expected where the server wants to continue, bytes
   * @param {number} nowMs
   */
  #sendAgainFrom(expected, nowMs) {
    if (this.state !== "sending" && this.state !== "ending") return; // `started` is on its way
    if (typeof expected !== "number" || expected < this.acknowledged || expected > this.next) {
      return this.#open(); // no usable offset: `started` brings one
    }
    if (expected === this.#rewind.offset && nowMs < this.#rewind.atMs + SAME_COMPLAINT_MS) return;
    this.turn++;
    this.#rewind = { offset: expected, atMs: nowMs };
    this.next = Math.min(this.next, expected);
    this.state = "sending";
    this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
  }

  /**
   * @param {string} reason
   * @param {string} [detail]
   */
  #fail(reason, detail) {
    this.turn++;
    this.state = "failed";
    this.failure = { reason, detail };
    this.#deadlineMs = Infinity;
  }
}
