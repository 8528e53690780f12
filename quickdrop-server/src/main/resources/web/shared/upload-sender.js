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
import { Complaints } from "./complaints.js";
import { Repair } from "./repair.js";
import { SendWindow } from "./send-window.js";

/** An answer that stays away this long is asked for again, on the same connection. */
export const ANSWER_TIMEOUT_MS = 20_000;
export class UploadSender {
  /** @type {SenderState} */
  state = "waiting";
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
  #canRepair;
  #window = new SendWindow();
  #repair = new Repair(ANSWER_TIMEOUT_MS);
  #complaints = new Complaints(ANSWER_TIMEOUT_MS);
  /** @type {{totalBytes: number, sha256: string, ms?: number} | null} */
  #ended = null;
  #asked = false;
  #connected = false;
  #openingSent = false;
  #chunks = 0;
  /** When the present silence is too long; Infinity while nothing is awaited. */
  #deadlineMs = Infinity;

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

  /** Durable offset, bytes. */
  get acknowledged() {
    return this.#window.acknowledged;
  }

  /** Bytes handed to the present connection, counted from the recording's start. */
  get next() {
    return this.#window.next;
  }

  /** Bytes recorded so far. */
  get produced() {
    return this.#window.produced;
  }

  /** Whether nothing will change any more. */
  get finished() {
    return this.state === "saved" || this.state === "failed";
  }

  /** Whether the recording is over and its length known. */
  get ended() {
    return this.#ended !== null;
  }

  /** Of the whole recording, as this phone's bytes have it; null before its end. */
  get sha256() {
    return this.#ended?.sha256 ?? null;
  }

  /** When to call `tick` at the latest, or Infinity. */
  get deadlineMs() {
    return this.state === "repairing" ? this.#repair.deadlineMs : this.#deadlineMs;
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
    this.#window.produced += bytes;
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
    this.#repair.forgiven();
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
      return this.#text(type, this.#description());
    }
    if (this.state === "repairing") return this.#pollRepair(nowMs);
    if (this.state !== "sending") return null;
    const wasIdle = !this.#window.inFlight;
    const chunk = this.#window.take();
    if (chunk) {
      if (wasIdle) this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS; // first of a silence
      this.#chunks++;
      return { kind: "chunk", ...chunk };
    }
    return this.#ended && this.#window.allSent ? this.#sayEnd(nowMs) : null;
  }

  /**
   * @param {number} nowMs
   * @returns {Outgoing}
   */
  #sayEnd(nowMs) {
    this.state = "ending";
    this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
    const repair = this.#canRepair() ? { canRepair: true } : {};
    return this.#text("end", { ...this.#ended, chunks: this.#chunks, ...repair });
  }

  /**
   * @param {number} nowMs
   * @returns {Outgoing | null}
   */
  #pollRepair(nowMs) {
    const step = this.#repair.poll(nowMs);
    switch (step?.kind) {
      case "compare":
        return this.#text("compare", { offset: step.offset, bytes: step.bytes });
      case "done":
        if (step.sha256 && this.#ended) this.#ended = { ...this.#ended, sha256: step.sha256 };
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
    if (this.state === "repairing") this.#repair.hashed(hashes, this.produced);
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
    if (this.finished || !this.#connected) return;
    switch (message.type) {
      case "started":
        return this.#started(message.bytes);
      case "progress":
        return this.#progress(message.bytes, nowMs);
      case "saved":
        return this.#saved(message);
      case "blocks":
        return this.#blocks(/** @type {any} */ (message));
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
    if (this.state === "repairing") return this.#repair.tick(nowMs);
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
    this.#repair.interrupted();
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
    this.#repair.interrupted();
    this.#window.continueAt(bytes);
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
    // While it reads its disk, the laptop repeats how far it is as a sign of life.
    if (this.state === "ending") this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
    else if (this.state === "repairing") this.#repair.alive(nowMs);
    if (bytes <= this.acknowledged) return;
    this.#window.acknowledge(bytes);
    if (this.state === "sending") this.#deadlineMs = this.#window.inFlight ? nowMs + ANSWER_TIMEOUT_MS : Infinity;
  }

  /** @param {import("./repair.js").Blocks} blocks what the laptop has instead of what `end` stated */
  #blocks(blocks) {
    const begins = this.state === "ending";
    if (!begins && !(this.state === "repairing" && this.#repair.awaitsBlocks)) return; // of a round that is over
    if (begins && !this.#repair.begin()) {
      return this.#fail("integrity_mismatch", "the laptop has other bytes, although what differs was sent again");
    }
    if (!this.#repair.look(blocks, this.produced)) {
      return this.#fail("integrity_mismatch", "the laptop compares bytes that were never recorded");
    }
    this.turn++;
    this.state = "repairing";
  }

  /** @param {WireMessage} message */
  #saved(message) {
    const ended = this.#ended;
    if (!ended) return this.#fail("server_ahead", "the laptop says saved while the recording goes on");
    if (message.bytes !== ended.totalBytes || message.sha256 !== ended.sha256) {
      return this.#fail("integrity_mismatch", `the laptop saved ${message.bytes} bytes with another checksum`);
    }
    this.#window.continueAt(ended.totalBytes);
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
    const flowing = this.state === "sending" || this.state === "ending";
    const verdict = this.#complaints.judge(reason, message.expectedOffset, this.#window, nowMs, flowing);
    switch (verdict.does) {
      case "ask":
        if (this.state !== "opening") this.#open();
        return;
      case "rewind":
        this.turn++;
        this.#window.next = verdict.offset;
        this.state = "sending";
        this.#deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
        return;
      case "stall":
        this.state = "stalled";
        this.stallReason = reason;
        this.#deadlineMs = verdict.untilMs;
        return;
      case "fail":
        this.#fail(reason, message.detail);
    }
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
