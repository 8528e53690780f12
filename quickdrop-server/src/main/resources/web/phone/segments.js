/**
 * The parts of one take. Two runs of a recorder can't be joined into one file while they arrive, so each is a recording
 * of its own, and says which part it is, how long nothing was recorded before it, and why. Pure.
 *
 * @typedef {"flip" | "interrupted" | "hidden" | "rolled" | "recorder"} Cause `hidden`: the page went to the background;
 *     `rolled`: the part before was as long as the laptop takes; `recorder`: the browser's recorder gave up
 * @typedef {{takeId: string, index: number, gapMs: number, cause?: Cause}} TakePart as in `start` (docs/protocol.md)
 * @typedef {{wallMs: number, monotonicMs: number}} Moment the same instant on both clocks of a browser
 */

/**
 * How long nothing was recorded. A phone that slept stops its monotonic clock, and one that found the network may set
 * its wall clock back: the longer of both is the honest one.
 * @param {Moment} from
 * @param {Moment} to
 * @returns {number} whole milliseconds, 0 or more
 */
export function gapBetween(from, to) {
  return Math.round(Math.max(0, to.wallMs - from.wallMs, to.monotonicMs - from.monotonicMs));
}

export class Segments {
  #takeId;
  #next = 0;
  /** @type {{cause: Cause, at: Moment} | null} since when and why nothing is recorded */
  #stop = null;
  /** Where the gap before the present part begins. @type {Moment | null} */
  #gapFrom = null;

  /** @param {string} takeId the same for all parts */
  constructor(takeId) {
    this.#takeId = takeId;
  }

  /**
   * Nothing is recorded from here on. The first reason since the last part began counts: a call hides the page as well.
   * @param {Cause} cause
   * @param {Moment} at
   */
  stopped(cause, at) {
    this.#stop ??= { cause, at };
  }

  /**
   * Something was recorded after all, such as the sound while the picture was away.
   * @param {Moment} at up to here
   */
  recordedUntil(at) {
    if (this.#stop && at.monotonicMs > this.#stop.at.monotonicMs) this.#stop.at = at;
  }

  /** The interruption left nothing out worth a new part: the same one goes on. */
  wentOn() {
    this.#stop = null;
  }

  /** @returns {TakePart} the next part; its gap is known once it records: see `started` */
  begin() {
    const part = { takeId: this.#takeId, index: this.#next++, gapMs: 0 };
    const stop = this.#stop;
    this.#stop = null;
    this.#gapFrom = stop?.at ?? null;
    return stop ? { ...part, cause: stop.cause } : part;
  }

  /**
   * The present part records.
   * @param {TakePart} part of `begin`, whose gap is filled in
   * @param {Moment} at since when; a later call corrects an earlier one
   */
  started(part, at) {
    if (this.#gapFrom) part.gapMs = gapBetween(this.#gapFrom, at);
  }
}
