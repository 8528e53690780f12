/**
 * When one stream tells the server what is on the glass: a pure machine. An acknowledgement frees this viewer's window and
 * tells how long the way was, so it goes out at once; only what is painted in quick succession shares one.
 *
 * @typedef {object} Ack the fields of `frame_ack` that this machine knows
 * @property {number} frameNumber newest one painted, 0 for none
 * @property {number} receivedNumber newest one received
 * @property {number} paintMicros from its last byte to the canvas
 * @property {boolean} hidden whether nobody can see it
 */

/** Well below the 50 ms that the protocol allows: a late acknowledgement looks like a slow link. */
export const SPACING_MS = 10;

export class AckPace {
  #frameNumber = 0;
  #receivedNumber = 0;
  #paintMicros = 0;
  #hidden = false;
  #dueMs = Infinity;
  #sentMs = -Infinity;

  /** When to call `poll` at the latest, or Infinity. */
  get deadlineMs() {
    return this.#dueMs;
  }

  /** Newest frame that was painted, 0 for none. */
  get frameNumber() {
    return this.#frameNumber;
  }

  get hidden() {
    return this.#hidden;
  }

  /**
   * A new numbering begins. What is hidden stays hidden, and the server must hear of it again.
   * @param {number} nowMs monotonic
   */
  restart(nowMs) {
    this.#frameNumber = 0;
    this.#receivedNumber = 0;
    this.#paintMicros = 0;
    this.#dueMs = this.#hidden ? nowMs : Infinity;
  }

  /** @param {number} frameNumber */
  received(frameNumber) {
    this.#receivedNumber = Math.max(this.#receivedNumber, frameNumber);
  }

  /**
   * @param {number} frameNumber
   * @param {number} receivedMs when its last part came, monotonic
   * @param {number} nowMs monotonic
   */
  painted(frameNumber, receivedMs, nowMs) {
    if (frameNumber <= this.#frameNumber) return;
    this.#frameNumber = frameNumber;
    this.#paintMicros = Math.max(0, Math.round((nowMs - receivedMs) * 1000));
    this.#dueMs = Math.min(this.#dueMs, Math.max(nowMs, this.#sentMs + SPACING_MS));
  }

  /**
   * @param {boolean} hidden
   * @param {number} nowMs monotonic
   */
  setHidden(hidden, nowMs) {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    this.#dueMs = nowMs;
  }

  /**
   * @param {number} nowMs monotonic
   * @returns {Ack | null} null: not yet
   */
  poll(nowMs) {
    if (nowMs < this.#dueMs) return null;
    this.#dueMs = Infinity;
    this.#sentMs = nowMs;
    return {
      frameNumber: this.#frameNumber,
      receivedNumber: this.#receivedNumber,
      paintMicros: this.#paintMicros,
      hidden: this.#hidden,
    };
  }
}
