/**
 * The other instances that this page fetches pictures from, one connection each however many streams. An instance that can't
 * be reached is left alone for a while, and the own server fetches its pictures. Without socket and clock: the connection is
 * made by whoever builds this.
 *
 * @typedef {import("./stream.js").Stream} Stream
 * @typedef {import("./subscriptions.js").Clock} Clock
 *
 * @typedef {{send: (message: import("../shared/upload-sender.js").WireMessage) => void, end: () => void}} Way
 * @typedef {object} WayEvents
 * @property {() => void} onReady it let us in
 * @property {(message: import("../shared/upload-sender.js").WireMessage) => void} onMessage
 * @property {(message: ArrayBuffer) => void} onBinary
 * @property {() => void} onLost
 */
import { Outpost } from "./outpost.js";

/** What failed is not tried again before. A browser that does not trust an instance's certificate won't soon. */
export const REST_MS = 60_000;
/** A connection that was lost sooner is as good as none. */
export const STEADY_MS = 10_000;

export class Outposts {
  #dial;
  #events;
  /** @type {Map<string, {outpost: Outpost, way: Way}>} by address */
  #open = new Map();
  /** @type {Map<string, number>} addresses that are left alone, until when (monotonic) */
  #barred = new Map();

  /**
   * @param {(url: string, ticket: string, events: WayEvents) => Way} dial connects once; never calls back before it returned
   * @param {object} events
   * @param {() => Clock} events.clock
   * @param {(stream: Stream) => void} events.onChange
   * @param {(stream: Stream, direct: boolean, clock: Clock) => void} events.giveBack
   * @param {(message: import("../shared/upload-sender.js").WireMessage) => void} events.onMessage for the page
   * @param {(message: ArrayBuffer, outpost: Outpost) => void} events.onBinary
   */
  constructor(dial, events) {
    this.#dial = dial;
    this.#events = events;
  }

  /**
   * Fetches a stream there from now on.
   * @param {Stream} stream
   * @param {{url: string, ticket: string}} offer
   * @param {Clock} clock
   * @returns {boolean} false: it is no use
   */
  take(stream, { url, ticket }, clock) {
    if (!/^https:\/\//.test(url) || clock.nowMs < (this.#barred.get(url) ?? -Infinity)) return false;
    const known = this.#open.get(url);
    const place = known ?? this.#connect(url, ticket, clock);
    place.outpost.take(stream, clock);
    return true;
  }

  /** @param {Clock} clock */
  tick(clock) {
    for (const { outpost } of [...this.#open.values()]) {
      if (outpost.isOverdue(clock.nowMs)) this.#lost(outpost, clock);
      else outpost.tick(clock);
      if (outpost.isEmpty) this.#end(outpost);
    }
  }

  /** Nothing is watched any more: the operator is no longer known. */
  stop() {
    for (const { outpost } of [...this.#open.values()]) {
      this.#end(outpost);
      outpost.lost(false, this.#events.clock());
    }
  }

  /**
   * @param {string} url
   * @param {string} ticket
   * @param {Clock} clock
   */
  #connect(url, ticket, { nowMs }) {
    const { clock, onChange, giveBack, onMessage, onBinary } = this.#events;
    const outpost = new Outpost(url, (message) => place.way.send(message), onChange, giveBack, nowMs);
    const isOpen = () => this.#open.get(url)?.outpost === outpost;
    const way = this.#dial(url, ticket, {
      onReady: () => isOpen() && outpost.connected(clock()),
      onMessage: (message) => {
        if (isOpen() && !outpost.received(message, clock())) onMessage(message);
      },
      onBinary: (message) => isOpen() && onBinary(message, outpost),
      onLost: () => isOpen() && this.#lost(outpost, clock()),
    });
    const place = { outpost, way };
    this.#open.set(url, place);
    return place;
  }

  /**
   * @param {Outpost} outpost
   * @param {Clock} clock
   */
  #lost(outpost, clock) {
    const steady = outpost.uptime(clock.nowMs) >= STEADY_MS;
    if (!steady) this.#barred.set(outpost.url, clock.nowMs + REST_MS);
    this.#end(outpost);
    outpost.lost(!steady, clock);
  }

  /** @param {Outpost} outpost */
  #end(outpost) {
    const place = this.#open.get(outpost.url);
    this.#open.delete(outpost.url);
    place?.way.end();
  }
}
