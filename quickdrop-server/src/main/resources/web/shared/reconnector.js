/**
 * When to connect, ping, give up on a connection and try again: a pure machine, without socket, clock or dice.
 * The driver (`link.js`) tells it facts with their time and carries out the orders it returns.
 *
 * A silent connection that stays open is the failure to beat: on phones a socket may say OPEN and be dead, and its
 * close event may never come. So everything here is decided by what was heard and when.
 *
 * Orders:
 * - connect: open a new socket
 * - drop: forget the socket, with its handlers, whatever it says about itself
 * - ping: send a ping
 *
 * States:
 * - idle: not started
 * - connecting: a socket was asked for, `hello` has not come
 * - open: `hello` came
 * - waiting: before the next try, see `retryAtMs`
 * - refused: not authenticated or revoked (see `refusal`): new credentials are needed
 * - superseded: another page of the same recording took over; the person decides
 *
 * @typedef {"connect" | "drop" | "ping"} Order
 * @typedef {"idle" | "connecting" | "open" | "waiting" | "refused" | "superseded"} LinkState
 */

export const PING_INTERVAL_MS = 5_000;
/** Three silent intervals. */
export const DEAD_AFTER_MS = 15_000;
export const CONNECT_TIMEOUT_MS = 10_000;
/** After a sleep of the page, how long an open connection may take to prove that it lives. */
export const PROOF_OF_LIFE_MS = 4_000;
/** A tick this late means that the page was frozen: silence proves nothing then. */
const FROZEN_MS = 3_000;
export const FIRST_DELAY_MS = 250;
export const MAX_DELAY_MS = 10_000;

const NOT_AUTHENTICATED = 4401;
const FORBIDDEN = 4403;
const SUPERSEDED = 4409;

export class Reconnector {
  /** @type {LinkState} */
  state = "idle";
  /** @type {"unauthenticated" | "revoked" | null} set in `refused` */
  refusal = null;
  /** When the next try is due, in `waiting`. */
  retryAtMs = Infinity;
  /** Tries since the last `hello`. */
  failures = 0;

  #random;
  #connectingSinceMs = 0;
  #heardAtMs = 0;
  #pingAtMs = Infinity;
  #mustHearByMs = Infinity;
  #notBeforeMs = 0;

  /** @param {() => number} random 0 ≤ r < 1 */
  constructor(random) {
    this.#random = random;
  }

  /** When to call `tick` at the latest, or Infinity. */
  get deadlineMs() {
    if (this.state === "connecting") return this.#connectingSinceMs + CONNECT_TIMEOUT_MS;
    if (this.state === "open") return Math.min(this.#pingAtMs, this.#mustHearByMs);
    return this.state === "waiting" ? this.retryAtMs : Infinity;
  }

  /**
   * First start, new credentials, or the person's wish.
   * @param {number} nowMs
   * @returns {Order[]}
   */
  start(nowMs) {
    const hadSocket = this.state === "open" || this.state === "connecting";
    return [.../** @type {Order[]} */ (hadSocket ? ["drop"] : []), ...this.#connect(nowMs)];
  }

  /** @returns {Order[]} */
  stop() {
    const hadSocket = this.state === "open" || this.state === "connecting";
    this.state = "idle";
    return hadSocket ? ["drop"] : [];
  }

  /**
   * `hello` came.
   * @param {number} nowMs
   */
  opened(nowMs) {
    if (this.state !== "connecting") return;
    this.state = "open";
    this.failures = 0;
    this.#notBeforeMs = 0;
    this.#pingAtMs = nowMs; // the first message must come soon: it tells the server our role
    this.heard(nowMs);
  }

  /**
   * Anything at all came in.
   * @param {number} nowMs
   */
  heard(nowMs) {
    this.#heardAtMs = nowMs;
    this.#mustHearByMs = nowMs + DEAD_AFTER_MS;
  }

  /**
   * The server is about to close.
   * @param {number} nowMs
   * @param {number} retryAfterMs
   * @returns {Order[]}
   */
  goodbye(nowMs, retryAfterMs) {
    if (this.state !== "open" && this.state !== "connecting") return [];
    this.#notBeforeMs = nowMs + Math.min(Math.max(0, retryAfterMs), 60_000);
    return ["drop", ...this.#lost(nowMs)];
  }

  /**
   * The socket said that it is closed.
   * @param {number} nowMs
   * @param {number} code
   * @returns {Order[]}
   */
  closed(nowMs, code) {
    if (this.state !== "open" && this.state !== "connecting") return [];
    if (code === NOT_AUTHENTICATED || code === FORBIDDEN) {
      this.state = "refused";
      this.refusal = code === FORBIDDEN ? "revoked" : "unauthenticated";
      return ["drop"];
    }
    if (code === SUPERSEDED) {
      this.state = "superseded";
      return ["drop"];
    }
    return ["drop", ...this.#lost(nowMs)];
  }

  /**
   * The page came back to the front, or the network did: what was believed before may be wrong.
   * @param {number} nowMs
   * @returns {Order[]}
   */
  wake(nowMs) {
    if (this.state === "waiting" && nowMs >= this.#notBeforeMs) return this.#connect(nowMs);
    if (this.state === "open" && nowMs - this.#heardAtMs >= PING_INTERVAL_MS) return this.#askForProof(nowMs);
    return [];
  }

  /**
   * Time passed. An early or repeated tick does nothing.
   * @param {number} nowMs
   * @returns {Order[]}
   */
  tick(nowMs) {
    if (nowMs < this.deadlineMs) return [];
    if (this.state === "waiting") return this.#connect(nowMs);
    if (this.state === "connecting") return ["drop", ...this.#lost(nowMs)];
    if (nowMs >= this.#mustHearByMs) {
      if (nowMs - this.#mustHearByMs > FROZEN_MS) return this.#askForProof(nowMs);
      return ["drop", ...this.#lost(nowMs)];
    }
    this.#pingAtMs = nowMs + PING_INTERVAL_MS;
    return ["ping"];
  }

  /**
   * @param {number} nowMs
   * @returns {Order[]}
   */
  #askForProof(nowMs) {
    this.#mustHearByMs = nowMs + PROOF_OF_LIFE_MS;
    this.#pingAtMs = nowMs + PING_INTERVAL_MS;
    return ["ping"];
  }

  /**
   * @param {number} nowMs
   * @returns {Order[]}
   */
  #connect(nowMs) {
    this.state = "connecting";
    this.refusal = null;
    this.retryAtMs = Infinity;
    this.#connectingSinceMs = nowMs;
    return ["connect"];
  }

  /**
   * Full jitter: anywhere between nothing and the ceiling, so that a herd spreads.
   * @param {number} nowMs
   * @returns {Order[]}
   */
  #lost(nowMs) {
    const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.failures, 10));
    this.failures++;
    this.state = "waiting";
    this.retryAtMs = Math.max(nowMs + this.#random() * ceiling, this.#notBeforeMs);
    return [];
  }
}
