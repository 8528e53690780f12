/** How much more the laptop can take, told as time. Pure. */
import { USUAL_BYTES_PER_SECOND } from "../shared/capacity.js";
import { hoursAndMinutes } from "../shared/format.js";

/** A take's own rate counts from here on; its first seconds tell little. */
const RATE_AFTER_MS = 10_000;
/** Less than this is told in time to do something about it. */
const EARLY_MS = 15 * 60_000;

export class Room {
  /** Bytes, as the laptop said last and less what it took since; null: it said nothing. @type {number | null} */
  freeBytes = null;

  /**
   * A message of the laptop.
   * @param {any} message `hello` with its limits, or one that tells the room alone
   */
  heard(message) {
    const told = message.limits?.freeBytes ?? message.freeBytes;
    if (Number.isFinite(told)) this.freeBytes = told;
  }

  /** @param {number} bytes that the laptop has on its disk now and had not before */
  took(bytes) {
    if (this.freeBytes !== null) this.freeBytes = Math.max(0, this.freeBytes - bytes);
  }
}

/**
 * @param {{freeBytes: number, waitingBytes: number, recordedBytes: number, recordedMs: number}} now `waitingBytes`: what
 *     this phone still has to send; `recorded…`: of the take that is being recorded, 0 if none is
 * @returns {{words: string, early: boolean}} early: it is time to warn
 */
export function roomWords({ freeBytes, waitingBytes, recordedBytes, recordedMs }) {
  if (freeBytes <= 0) {
    return { words: "The laptop’s disk is full. Takes wait on this phone until there is room.", early: true };
  }
  const measured = recordedMs >= RATE_AFTER_MS && recordedBytes > 0;
  const bytesPerMs = measured ? recordedBytes / recordedMs : USUAL_BYTES_PER_SECOND / 1000;
  const leftMs = Math.max(0, freeBytes - waitingBytes) / bytesPerMs;
  const early = leftMs < Math.max(EARLY_MS, 2 * recordedMs);
  const words = `The laptop has room for ${measured ? "" : "about "}${hoursAndMinutes(leftMs)}`;
  return early
    ? { words: `${words} more. Make room there: what does not fit waits on this phone.`, early }
    : { words: `${words} of video.`, early };
}
