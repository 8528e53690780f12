/**
 * Where this page can go on when its own server is gone: a pure machine. It is told of the other instances while the server
 * lives, and then says which to try, one at a time.
 *
 * @typedef {{name: string, url: string}} Instance
 */

/** A restart of the own server is over by then, or it takes longer than a change of servers. */
export const PATIENCE_MS = 4_000;
/** An instance that does not answer by then is none to go to. */
export const ANSWER_MS = 4_000;
/** Between two tries of the same one. */
export const AGAIN_MS = 15_000;

export class Refuge {
  /** @type {Instance[]} the others, as they were last told */
  others = [];

  #lostMs = Infinity;
  /** @type {string | null} the address that is being tried */
  #trying = null;
  /** @type {Map<string, number>} when an address may be tried again */
  #notBefore = new Map();

  /** @param {unknown} instances of `/api/info` */
  learn(instances) {
    if (!Array.isArray(instances)) return;
    this.others = instances
      .filter(({ self, state, url }) => !self && state === "alive" && /^https:\/\/[^/]+$/.test(url))
      .map(({ name, url }) => ({ name: String(name), url: String(url) }));
  }

  /**
   * @param {boolean} connected to the own server
   * @param {number} nowMs monotonic
   */
  saw(connected, nowMs) {
    if (!connected) this.#lostMs = Math.min(this.#lostMs, nowMs);
    else {
      this.#lostMs = Infinity;
      this.#notBefore.clear();
    }
  }

  /**
   * @param {number} nowMs monotonic
   * @returns {Instance[]} whom to offer; none while the own server may be back in a moment
   */
  offers(nowMs) {
    return nowMs >= this.#lostMs + PATIENCE_MS ? this.others : [];
  }

  /**
   * @param {number} nowMs monotonic
   * @returns {string | null} an address to try now
   */
  next(nowMs) {
    if (this.#trying !== null) return null;
    const url = this.offers(nowMs).map((one) => one.url).find((one) => nowMs >= (this.#notBefore.get(one) ?? -Infinity));
    if (url === undefined) return null;
    this.#trying = url;
    this.#notBefore.set(url, nowMs + AGAIN_MS);
    return url;
  }

  /** It did not answer, or would not have us. */
  failed() {
    this.#trying = null;
  }
}
