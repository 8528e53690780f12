/**
 * How far a recording has grown, how far it was sent, and how far the laptop has it: bounds what is on its way.
 * Invariant: `acknowledged ≤ next ≤ produced`.
 */
import { MAX_PAYLOAD_BYTES } from "./chunk.js";

/** Bytes on their way at most. */
export const WINDOW_BYTES = 4 * 1024 * 1024;

export class SendWindow {
  /** Durable offset, bytes. */
  acknowledged = 0;
  /** Bytes handed to the present connection, counted from the recording's start. */
  next = 0;
  /** Bytes recorded so far. */
  produced = 0;

  get inFlight() {
    return this.next > this.acknowledged;
  }

  get allSent() {
    return this.next === this.produced;
  }

  /** @returns {{offset: number, length: number} | null} the next chunk, which counts as sent then */
  take() {
    const room = this.acknowledged + WINDOW_BYTES - this.next;
    const length = Math.min(MAX_PAYLOAD_BYTES, room, this.produced - this.next);
    if (length <= 0) return null;
    const offset = this.next;
    this.next += length;
    return { offset, length };
  }

  /** @param {number} bytes durable, at most `produced` */
  acknowledge(bytes) {
    this.acknowledged = Math.max(this.acknowledged, bytes);
    this.next = Math.max(this.next, this.acknowledged);
  }

  /** @param {number} bytes where the laptop wants to continue */
  continueAt(bytes) {
    this.acknowledged = bytes;
    this.next = bytes;
  }
}
