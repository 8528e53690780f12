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
/** As the agents' and the command line's `Reconnector`, whose rules and values these are. */
export const CONNECT_TIMEOUT_MS = 8_000;
/** After a sleep of the page, how long an open connection may take to prove that it lives. */
export const PROOF_OF_LIFE_MS = 4_000;
/** A tick this late means that the page was frozen: silence proves nothing then. */
const FROZEN_MS = 3_000;
export const FIRST_DELAY_MS = 250;
export const MAX_DELAY_MS = 10_000;
/** So many failures in a row open the circuit breaker: attempts then begin no closer together than a rest. */
export const FAILURES_TO_REST = 5;
export const REST_MS = 5_000;
/** While the breaker is open, waking up may begin the probe early, but no sooner than this after the last attempt. */
export const PROBE_GAP_MS = 1_000;
const LONGEST_GOODBYE_MS = 60_000;
/** What a herd that was told the same in `goodbye` is spread over: a part of that, and at least so much. */
const GOODBYE_SPREAD = 0.5;
const LEAST_GOODBYE_SPREAD_MS = 500;

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
  /** Whether the attempt got as far as `hello`. */
  #greeted = false;
  /** Failures in a row, for the circuit breaker; unlike `failures`, a `goodbye` ends them. */
  #strikes = 0;

  /** @param {() => number} random 0 ≤ r < 1 */
  constructor(random) {
    this.#random = random;
  }

  /** Whether the server has failed so often that it is tried less: the circuit breaker is open. */
  get isResting() {
    return this.#strikes >= FAILURES_TO_REST;
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
    this.#greeted = true;
    this.#strikes = 0;
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
    const toldMs = Math.min(Math.max(0, retryAfterMs), LONGEST_GOODBYE_MS);
    this.#notBeforeMs = nowMs + toldMs;
    const random = this.#random();
    const spreadMs = random * Math.max(LEAST_GOODBYE_SPREAD_MS, toldMs * GOODBYE_SPREAD);
    this.#strikes = 0; // it answered
    this.#wait(nowMs, random, this.#notBeforeMs + spreadMs);
    return ["drop"];
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
    const mayTry = nowMs >= this.#notBeforeMs && !(this.isResting && nowMs < this.#connectingSinceMs + PROBE_GAP_MS);
    if (this.state === "waiting" && mayTry) return this.#connect(nowMs);
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
    this.#greeted = false;
    this.refusal = null;
    this.retryAtMs = Infinity;
    this.#connectingSinceMs = nowMs;
    return ["connect"];
  }

  /**
   * @param {number} nowMs
   * @returns {Order[]}
   */
  #lost(nowMs) {
    this.#strikes++;
    this.#wait(nowMs, this.#random(), 0);
    return [];
  }

  /**
   * Full jitter between a floor and a ceiling that doubles, so that a herd spreads. The wait counts from the beginning
   * of an attempt that failed: one that hung takes nothing from the time in which a server that is back is found.
   * @param {number} nowMs
   * @param {number} random 0 ≤ r < 1
   * @param {number} notBeforeMs
   */
  #wait(nowMs, random, notBeforeMs) {
    this.failures++;
    const doubledMs = FIRST_DELAY_MS * 2 ** Math.min(this.failures, 10);
    const ceilingMs = this.isResting ? MAX_DELAY_MS : Math.min(MAX_DELAY_MS, doubledMs);
    const floorMs = this.isResting ? REST_MS : FIRST_DELAY_MS;
    const fromMs = this.#greeted ? nowMs : this.#connectingSinceMs;
    const atMs = fromMs + floorMs + random * (ceilingMs - floorMs);
    this.state = "waiting";
    this.retryAtMs = Math.max(atMs, nowMs + FIRST_DELAY_MS * (1 + random), notBeforeMs);
  }
}
