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
 * - repairing: the laptop has something else; what differs is found and sent again
 * - stalled: the laptop cannot store for now and will say when it can
 * - saved: whole on the laptop
 * - failed: refused for good; see `failure`
 *
 * @typedef {"waiting" | "opening" | "sending" | "ending" | "repairing" | "stalled" | "saved" | "failed"} SenderState
 * @typedef {{mime: string, ext: string, label?: string, ts: number, totalBytes?: number,
 *     take?: import("../phone/segments.js").TakePart}} Description
 * @typedef {{type: string, [field: string]: any}} WireMessage
 *
 * @typedef {{kind: "text", message: WireMessage}
 *         | {kind: "chunk", offset: number, length: number, repair?: true}
 *         | {kind: "hash", offset: number, bytes: number, blockBytes: number}} Outgoing `hash` asks for `hashed`
 */
import { SenderEars } from "./sender-ears.js";
import { SenderLife } from "./sender-life.js";

export class UploadSender {
  #sessionId;
  /** @type {() => Description} */
  #description;
  #canRepair;
  #life = new SenderLife();
  #ears = new SenderEars(this.#life);
  #asked = false;
  #chunks = 0;

  /**
   * @param {string} sessionId
   * @param {() => Description} description asked when `start` or `resume` goes out: the recorder's real type may be
   *     known only after its first bytes
   * @param {() => boolean} [canRepair] whether every byte can be read again; asked when `end` goes out
   */
  constructor(sessionId, description, canRepair = () => false) {
    this.#sessionId = sessionId;
    this.#description = description;
    this.#canRepair = canRepair;
  }

  /** @returns {SenderState} */
  get state() {
    return this.#life.state;
  }

  /** Set in `failed`. */
  get failure() {
    return this.#life.failure;
  }

  /** Why the laptop cannot store, in `stalled`. */
  get stallReason() {
    return this.#life.stallReason;
  }

  /** The laptop's receipt, in `saved`. */
  get receipt() {
    return this.#life.receipt;
  }

  /** Changes whenever what was polled and has not gone out yet must not go out any more. */
  get turn() {
    return this.#life.turn;
  }

  /** Durable offset, bytes. */
  get acknowledged() {
    return this.#life.window.acknowledged;
  }

  /** Bytes handed to the present connection, counted from the recording's start. */
  get next() {
    return this.#life.window.next;
  }

  /** Bytes recorded so far. */
  get produced() {
    return this.#life.window.produced;
  }

  /** Whether nothing will change any more. */
  get finished() {
    return this.#life.finished;
  }

  /** Whether the recording is over and its length known. */
  get ended() {
    return this.#life.ended !== null;
  }

  /** Of the whole recording, as this phone's bytes have it; null before its end. */
  get sha256() {
    return this.#life.ended?.sha256 ?? null;
  }

  /** When to call `tick` at the latest, or Infinity. */
  get deadlineMs() {
    return this.#life.state === "repairing" ? this.#life.repair.deadlineMs : this.#life.deadlineMs;
  }

  /** A connection is open and said hello. */
  connected() {
    this.#life.connected = true;
    if (!this.finished) this.#life.open();
  }

  /** The connection is gone, with whatever was in it. */
  disconnected() {
    this.#life.connected = false;
    this.#life.turn++;
    if (this.finished) return;
    this.#life.state = "waiting";
    this.#life.deadlineMs = Infinity;
  }

  /** @param {number} bytes how many more were recorded */
  add(bytes) {
    if (this.#life.ended) throw new Error(`session ${this.#sessionId}: found bytes after the end`);
    this.#life.window.produced += bytes;
  }

  /**
   * Nothing more will come.
   * @param {string} sha256 of everything recorded
   * @param {number} [ms] how long it plays
   */
  end(sha256, ms) {
    if (this.#life.ended) throw new Error(`session ${this.#sessionId}: ended twice`);
    this.#life.ended = { totalBytes: this.#life.window.produced, sha256, ...(ms === undefined ? {} : { ms }) };
  }

  /**
   * This end cannot go on.
   * @param {string} reason for `failure`
   */
  giveUp(reason) {
    if (!this.finished) this.#life.fail(reason);
  }

  /** The person asked to try a failed recording again. */
  retry() {
    if (this.#life.state !== "failed") return;
    this.#life.failure = null;
    this.#life.repair.forgiven();
    this.#life.state = "waiting";
    if (this.#life.connected) this.#life.open();
  }

  /**
   * What to send next; asked again and again while the socket has room.
   * @param {number} nowMs monotonic
   * @returns {Outgoing | null} null: nothing for now
   */
  poll(nowMs) {
    if (this.#life.state === "opening" && !this.#life.openingSent) {
      this.#life.openingSent = true;
      this.#life.awaitAnswer(nowMs);
      const type = this.#asked ? "resume" : "start";
      this.#asked = true;
      return this.#text(type, this.#description());
    }
    if (this.#life.state === "repairing") return this.#pollRepair(nowMs);
    if (this.#life.state !== "sending") return null;
    const wasIdle = !this.#life.window.inFlight;
    const chunk = this.#life.window.take();
    if (chunk) {
      if (wasIdle) this.#life.awaitAnswer(nowMs); // first of a silence
      this.#chunks++;
      return { kind: "chunk", ...chunk };
    }
    return this.#life.ended && this.#life.window.allSent ? this.#sayEnd(nowMs) : null;
  }

  /**
   * @param {number} nowMs
   * @returns {Outgoing}
   */
  #sayEnd(nowMs) {
    this.#life.state = "ending";
    this.#life.awaitAnswer(nowMs);
    const repair = this.#canRepair() ? { canRepair: true } : {};
    return this.#text("end", { ...this.#life.ended, chunks: this.#chunks, ...repair });
  }

  /**
   * @param {number} nowMs
   * @returns {Outgoing | null}
   */
  #pollRepair(nowMs) {
    const step = this.#life.repair.poll(nowMs);
    switch (step?.kind) {
      case "compare":
        return this.#text("compare", { offset: step.offset, bytes: step.bytes });
      case "done":
        if (step.sha256 && this.#life.ended) this.#life.ended = { ...this.#life.ended, sha256: step.sha256 };
        return this.#sayEnd(nowMs);
      case "chunk":
        this.#chunks++;
        return step;
      default:
        return step ?? null;
    }
  }

  /**
   * What `poll` asked for was hashed; one that was polled before the last change of `turn` must not come here.
   * @param {string[]} hashes of its blocks
   */
  hashed(hashes) {
    if (this.#life.state === "repairing") this.#life.repair.hashed(hashes, this.#life.window.produced);
  }

  /**
   * @param {string} type
   * @param {object} fields
   * @returns {Outgoing}
   */
  #text(type, fields) {
    return { kind: "text", message: { type, sessionId: this.#sessionId, ...fields } };
  }

  /**
   * A message of the server that concerns this session.
   * @param {WireMessage} message
   * @param {number} nowMs monotonic
   */
  received(message, nowMs) {
    if (this.finished || !this.#life.connected) return;
    this.#ears.hear(message, nowMs);
  }

  /**
   * Time passed. An early or repeated tick does nothing.
   * @param {number} nowMs monotonic
   */
  tick(nowMs) {
    if (this.#life.state === "repairing") return this.#life.repair.tick(nowMs);
    if (nowMs < this.#life.deadlineMs) return;
    this.#life.deadlineMs = Infinity;
    if (this.#life.state === "ending") {
      this.#life.state = "sending"; // poll sends `end` again
    } else if (this.#life.state === "opening" || this.#life.state === "stalled" || this.#life.state === "sending") {
      this.#life.open(); // `started` tells where we are
    }
  }
}
