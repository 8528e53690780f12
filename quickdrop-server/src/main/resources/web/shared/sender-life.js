/**
 * What an upload's sending end knows and where it stands, and the steps that its parts share. Public to
 * `UploadSender` and `SenderEars` only.
 *
 * @typedef {import("./upload-sender.js").SenderState} SenderState
 * @typedef {import("./upload-sender.js").WireMessage} WireMessage
 */
import { Repair } from "./repair.js";
import { SendWindow } from "./send-window.js";

/** An answer that stays away this long is asked for again, on the same connection. */
export const ANSWER_TIMEOUT_MS = 20_000;

export class SenderLife {
  /** @type {SenderState} */
  state = "waiting";
  connected = false;
  /** @type {{reason: string, detail?: string} | null} */
  failure = null;
  /** @type {string | null} why the laptop cannot store, in `stalled` */
  stallReason = null;
  /** @type {WireMessage | null} the laptop's `saved` */
  receipt = null;
  /** Changes whenever what was polled and has not gone out yet must not go out any more. */
  turn = 0;
  /** @type {{totalBytes: number, sha256: string, ms?: number} | null} */
  ended = null;
  /** `start` or `resume` is on its way. */
  openingSent = false;
  /** When the present silence is too long; Infinity while nothing is awaited. */
  deadlineMs = Infinity;
  window = new SendWindow();
  repair = new Repair(ANSWER_TIMEOUT_MS);

  get finished() {
    return this.state === "saved" || this.state === "failed";
  }

  /** Asks where to go on. */
  open() {
    this.turn++;
    this.repair.interrupted();
    this.state = "opening";
    this.openingSent = false;
  }

  /** @param {number} nowMs */
  awaitAnswer(nowMs) {
    this.deadlineMs = nowMs + ANSWER_TIMEOUT_MS;
  }

  /**
   * @param {string} reason
   * @param {string} [detail]
   */
  fail(reason, detail) {
    this.turn++;
    this.state = "failed";
    this.failure = { reason, detail };
    this.deadlineMs = Infinity;
  }
}
