/**
 * What the laptop's complaints about a recording mean for who sends it: where to go on, or that it is over. Pure.
 *
 * @typedef {{does: "nothing"}
 *         | {does: "ask"}
 *         | {does: "rewind", offset: number}
 *         | {does: "stall", untilMs: number}
 *         | {does: "fail"}} Verdict `ask` where to go on; `stall` and ask then
 */
import { isFatal } from "./refusals.js";

/** After `rate_limited`, how long to be quiet. */
const QUIET_MS = 1_000;
/** Chunks already on their way repeat the same complaint; within this time one rewind answers them all. */
const SAME_COMPLAINT_MS = 1_000;
/** A damaged header looks like a conflict: say it again before giving up. */
const CONFLICT_RETRIES = 3;

export class Complaints {
  #patienceMs;
  #conflicts = 0;
  #rewind = { offset: -1, atMs: -Infinity };

  /** @param {number} patienceMs after which a laptop that can't store is asked again */
  constructor(patienceMs) {
    this.#patienceMs = patienceMs;
  }

  /**
   * @param {string} reason of `error`
   * @param {unknown} expected where the laptop wants to continue, bytes
   * @param {import("./send-window.js").SendWindow} window
   * @param {number} nowMs monotonic
   * @param {boolean} flowing whether bytes flow: else where to continue is on its way anyhow
   * @returns {Verdict}
   */
  judge(reason, expected, window, nowMs, flowing) {
    switch (reason) {
      case "offset_mismatch":
      case "chunk_corrupt":
        return flowing ? this.#sendAgainFrom(expected, window, nowMs) : { does: "nothing" };
      case "storage_full":
      case "storage_failed":
        return { does: "stall", untilMs: nowMs + this.#patienceMs };
      case "rate_limited":
        return { does: "stall", untilMs: nowMs + QUIET_MS };
      case "binary_without_session":
      case "end_without_start":
        return { does: "ask" };
      case "content_conflict":
        return this.#conflicts++ < CONFLICT_RETRIES ? { does: "ask" } : { does: "fail" };
      default:
        return isFatal(reason) ? { does: "fail" } : { does: "nothing" };
    }
  }

  /**
   * @param {unknown} expected
   * @param {import("./send-window.js").SendWindow} window
   * @param {number} nowMs
   * @returns {Verdict}
   */
  #sendAgainFrom(expected, window, nowMs) {
    if (typeof expected !== "number" || expected < window.acknowledged || expected > window.next) {
      return { does: "ask" }; // no usable offset: `started` brings one
    }
    if (expected === this.#rewind.offset && nowMs < this.#rewind.atMs + SAME_COMPLAINT_MS) return { does: "nothing" };
    this.#rewind = { offset: expected, atMs: nowMs };
    return { does: "rewind", offset: expected };
  }
}
