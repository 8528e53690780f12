/**
 * The streams that are fetched straight from one other instance, where their desktops are connected: a pure machine. It is
 * told what that instance says and answers with what to send. Whatever goes wrong gives a stream back to the page's own
 * server, which knows where the desktop is by now, or fetches the picture itself.
 *
 * @typedef {import("../shared/upload-sender.js").WireMessage} WireMessage
 * @typedef {import("./stream.js").Stream} Stream
 * @typedef {import("./subscriptions.js").Clock} Clock
 */
import { keyOf, nameIn, routeOf } from "./stream.js";

/** An answer there that takes longer is not worth the wait: the own server has the picture too. */
export const REACH_MS = 2_000;

export class Outpost {
  url;

  #send;
  #onChange;
  #giveBack;
  #ready = false;
  #readyMs = Infinity;
  #sinceMs;
  /** @type {Map<string, Stream>} by key */
  #streams = new Map();
  /** @type {Map<string, Stream>} by what stands in their frames */
  #routes = new Map();
  /** @type {Stream[]} asked for and not answered, in order; also such as were closed since */
  #asked = [];

  /**
   * @param {string} url `https://…`
   * @param {(message: WireMessage) => void} send
   * @param {(stream: Stream) => void} onChange its state is another, or its acknowledgements begin anew
   * @param {(stream: Stream, direct: boolean, clock: Clock) => void} giveBack `direct`: the own server is to fetch it itself
   * @param {number} nowMs monotonic
   */
  constructor(url, send, onChange, giveBack, nowMs) {
    this.url = url;
    this.#send = send;
    this.#onChange = onChange;
    this.#giveBack = giveBack;
    this.#sinceMs = nowMs;
  }

  get isEmpty() {
    return this.#streams.size === 0;
  }

  /**
   * @param {number} nowMs monotonic
   * @returns {boolean} whether it should have let us in by now
   */
  isOverdue(nowMs) {
    return !this.#ready && nowMs >= this.#sinceMs + REACH_MS;
  }

  /**
   * @param {number} nowMs monotonic
   * @returns {number} how long it has let us in, milliseconds; 0: it never did
   */
  uptime(nowMs) {
    return Math.max(0, nowMs - this.#readyMs);
  }

  /** @param {WireMessage} message about a stream from there */
  send(message) {
    this.#send(message);
  }

  /**
   * @param {import("./frame.js").Frame} frame
   * @returns {Stream | undefined}
   */
  streamOf(frame) {
    return this.#routes.get(routeOf(frame));
  }

  /**
   * @param {Stream} stream is to come from here from now on
   * @param {Clock} clock
   */
  take(stream, clock) {
    stream.host = this;
    this.#streams.set(stream.key, stream);
    stream.asked(clock.nowMs);
    if (this.#ready) this.#ask(stream, clock);
  }

  /**
   * It let us in.
   * @param {Clock} clock
   */
  connected(clock) {
    this.#ready = true;
    this.#readyMs = clock.nowMs;
    for (const stream of this.#streams.values()) this.#ask(stream, clock);
  }

  /**
   * Nobody looks at it any more, or it is to come from elsewhere.
   * @param {Stream} stream
   * @param {Clock} clock
   */
  release(stream, { nowTs }) {
    this.#forget(stream, nowTs);
    if (this.#ready) this.#send({ type: "stop_stream", ...stream.name });
  }

  /**
   * @param {WireMessage} message
   * @param {Clock} clock
   * @returns {boolean} false: the page may want it too
   */
  received(message, clock) {
    if (message.type === "stream_started") this.#started(message, clock);
    else if (message.type === "stream_stopped") this.#stopped(message, clock);
    else if (message.type === "error") this.#refused(clock);
    return message.type !== "stream_stats"; // the list of desktops is the own server's, and so is all else
  }

  /**
   * Asks for the whole of a damaged picture again, now or at a later tick.
   * @param {Stream} stream
   * @param {Clock} clock
   */
  repair(stream, clock) {
    if (!stream.takeTurnToStartAnew(clock.nowMs)) return;
    this.#end(stream, clock.nowTs);
    this.#send({ type: "stop_stream", ...stream.name });
    this.#ask(stream, clock);
  }

  /** @param {Clock} clock */
  tick(clock) {
    for (const stream of [...this.#streams.values()]) {
      this.repair(stream, clock);
      if (!stream.isOverdue(clock.nowMs, REACH_MS)) continue;
      this.release(stream, clock);
      this.#giveBack(stream, true, clock);
    }
  }

  /**
   * The connection is gone, or never came about.
   * @param {boolean} direct see `giveBack`
   * @param {Clock} clock
   */
  lost(direct, clock) {
    this.#ready = false;
    for (const stream of [...this.#streams.values()]) {
      this.#forget(stream, clock.nowTs);
      this.#giveBack(stream, direct, clock);
    }
  }

  /**
   * @param {Stream} stream
   * @param {Clock} clock
   */
  #ask(stream, { nowMs }) {
    stream.asked(nowMs);
    this.#asked.push(stream);
    this.#send({ type: "start_stream", ...stream.name });
    this.#onChange(stream);
  }

  /**
   * @param {WireMessage} message
   * @param {Clock} clock
   */
  #started(message, { nowMs, nowTs }) {
    const key = keyOf(nameIn(message));
    const stream = this.#streams.get(key);
    const place = this.#asked.findIndex((asked) => asked.key === key);
    const asked = place < 0 ? stream : this.#asked.splice(place, 1)[0];
    if (!stream || asked !== stream) return; // released while it was on its way: `stop_stream` follows it
    if (stream.route) this.#routes.delete(stream.route);
    stream.started({ desktopHandle: message.desktopHandle, epoch: message.epoch }, nowMs, nowTs);
    if (stream.route) this.#routes.set(stream.route, stream);
    this.#onChange(stream);
  }

  /**
   * The desktop went from there, perhaps to another instance.
   * @param {WireMessage} message
   * @param {Clock} clock
   */
  #stopped(message, clock) {
    const stream = this.#streams.get(keyOf(nameIn(message)));
    if (!stream || message.reason === "asked") return;
    this.release(stream, clock);
    this.#giveBack(stream, false, clock);
  }

  /**
   * Errors name no stream: answers come in the order of the questions.
   * @param {Clock} clock
   */
  #refused(clock) {
    const stream = this.#asked.shift();
    if (!stream || this.#streams.get(stream.key) !== stream) return;
    this.#forget(stream, clock.nowTs);
    this.#giveBack(stream, true, clock);
  }

  /**
   * @param {Stream} stream
   * @param {number} nowTs
   */
  #forget(stream, nowTs) {
    this.#streams.delete(stream.key);
    this.#end(stream, nowTs);
    stream.host = null;
  }

  /**
   * @param {Stream} stream
   * @param {number} nowTs
   */
  #end(stream, nowTs) {
    if (stream.route) this.#routes.delete(stream.route);
    stream.lost(nowTs);
  }
}
