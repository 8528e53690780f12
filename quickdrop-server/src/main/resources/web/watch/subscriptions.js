/**
 * Which streams this viewer wants, has asked for and gets: a pure machine. It is told the server's messages and answers with
 * what to send.
 *
 * @typedef {import("../shared/upload-sender.js").WireMessage} WireMessage
 * @typedef {import("./stream.js").Stream} Stream
 *
 * @typedef {{monitors: Set<number>, instance: string | null}} Place a desktop that is online, and the other instance where it is
 * @typedef {{nowMs: number, nowTs: number}} Clock monotonic; milliseconds since 1970
 */
import { CUT_OFF, keyOf, nameIn, routeOf } from "./stream.js";

/** What refuses one subscription rather than the whole connection. */
const REFUSALS = ["desktop_unknown", "screen_unknown", "stream_limit", "forbidden"];

export class Subscriptions {
  #send;
  #onChange;
  #elsewhere;
  /** The server knows who we are and answers. */
  #ready = false;
  /** @type {Map<string, Place> | null} the desktops that are online; null: not known yet */
  #online = null;
  /** @type {Map<string, Stream>} by key */
  #streams = new Map();
  /** @type {Map<string, Stream>} by what stands in their frames */
  #routes = new Map();
  /** @type {Stream[]} asked for and not answered, in order; also such as were closed since */
  #asked = [];

  /**
   * @param {(message: WireMessage) => void} send
   * @param {(stream: Stream) => void} onChange its state is another, or its acknowledgements begin anew
   * @param {((stream: Stream, offer: {url: string, ticket: string}, clock: Clock) => boolean) | null} [elsewhere] takes a stream
   *     to the instance where its desktop is, or says that it can't; absent: this viewer goes nowhere else
   */
  constructor(send, onChange, elsewhere = null) {
    this.#send = send;
    this.#onChange = onChange;
    this.#elsewhere = elsewhere;
  }

  get ready() {
    return this.#ready;
  }

  /** @returns {Iterable<Stream>} */
  get all() {
    return this.#streams.values();
  }

  /**
   * @param {string} key
   * @returns {Stream | undefined}
   */
  find(key) {
    return this.#streams.get(key);
  }

  /**
   * @param {import("./frame.js").Frame} frame
   * @returns {Stream | undefined} undefined: of a stream that was just closed
   */
  streamOf(frame) {
    return this.#routes.get(routeOf(frame));
  }

  /** `handshake_ack` came. */
  connected() {
    this.#ready = true;
    this.#send({ type: "get_desktop_clients" });
  }

  /** @param {Clock} clock */
  disconnected({ nowTs }) {
    this.#ready = false;
    this.#online = null;
    this.#asked = [];
    this.#routes.clear();
    for (const stream of this.#streams.values()) {
      if (stream.host) continue; // goes on without this server
      stream.lost(nowTs);
      if (stream.reason === CUT_OFF) stream.retry();
      this.#onChange(stream);
    }
  }

  /**
   * Another instance does not send it any more.
   * @param {Stream} stream
   * @param {boolean} direct whether this server is to fetch it itself
   * @param {Clock} clock
   */
  returned(stream, direct, clock) {
    if (this.#streams.get(stream.key) !== stream) return;
    stream.direct = direct;
    this.#onChange(stream);
    this.#ask(stream, clock);
  }

  /**
   * @param {Stream} stream
   * @param {Clock} clock
   */
  open(stream, clock) {
    this.#streams.set(stream.key, stream);
    this.#onChange(stream);
    this.#ask(stream, clock);
  }

  /**
   * Tries a refused stream again.
   * @param {Stream} stream
   * @param {Clock} clock
   */
  retry(stream, clock) {
    stream.retry();
    this.#onChange(stream);
    this.#ask(stream, clock);
  }

  /**
   * @param {Stream} stream
   * @param {Clock} clock
   */
  close(stream, clock) {
    this.#streams.delete(stream.key);
    if (stream.host) return stream.host.release(stream, clock);
    this.#end(stream, clock.nowTs);
    if (this.#ready) this.#send({ type: "stop_stream", ...stream.name });
  }

  /**
   * @param {WireMessage} message
   * @param {Clock} clock
   * @returns {boolean} false: it may be somebody else's, too
   */
  received(message, clock) {
    if (message.type === "error") return this.#refused(String(message.reason), clock);
    if (message.type === "desktop_clients_list") this.#listed(message, clock);
    else if (message.type === "stream_started") this.#started(message, clock);
    else if (message.type === "stream_stopped") this.#stopped(message, clock);
    else if (message.type === "stream_elsewhere") this.#movedOn(message, clock);
    return false;
  }

  /**
   * Asks for the whole of a damaged picture again, now or at a later tick.
   * @param {Stream} stream
   * @param {Clock} clock
   */
  repair(stream, clock) {
    if (stream.host) return stream.host.repair(stream, clock);
    if (!stream.takeTurnToStartAnew(clock.nowMs)) return;
    this.#end(stream, clock.nowTs);
    this.#send({ type: "stop_stream", ...stream.name });
    this.#ask(stream, clock);
  }

  /** @param {Clock} clock */
  tick(clock) {
    for (const stream of this.#streams.values()) {
      if (stream.host) continue;
      this.repair(stream, clock);
      if (!stream.isOverdue(clock.nowMs)) continue;
      this.#asked = this.#asked.filter((asked) => asked !== stream);
      this.#ask(stream, clock);
    }
  }

  /**
   * Asks for a stream unless it runs, is being asked for, was refused or can't be had.
   * @param {Stream} stream
   * @param {Clock} clock
   */
  #ask(stream, { nowMs }) {
    if (!this.#ready || stream.state === "refused" || stream.epoch !== null || stream.host) return;
    if (stream.reason === CUT_OFF) return; // it comes by itself
    if (!this.#online?.has(stream.name.desktopClientId) || this.#asked.includes(stream)) return;
    stream.asked(nowMs);
    this.#asked.push(stream);
    const redirect = this.#elsewhere && !stream.direct ? { redirect: true } : {};
    this.#send({ type: "start_stream", ...stream.name, ...redirect });
    this.#onChange(stream);
  }

  /**
   * @param {WireMessage} message `desktop_clients_list`
   * @param {Clock} clock
   */
  #listed(message, clock) {
    /** @type {{clientId: string, state: string, monitors: {index: number}[], instance?: string}[]} */
    const clients = message.clients;
    const online = clients.filter((client) => client.state === "online");
    const before = this.#online;
    this.#online = new Map(
      online.map(({ clientId, monitors, instance }) => [
        clientId,
        { monitors: new Set(monitors.map((m) => m.index)), instance: instance ?? null },
      ]),
    );
    for (const stream of this.#streams.values()) {
      const { desktopClientId, monitorId } = stream.name;
      // What was not there and now is: nobody has to press a button for it.
      const unknown = stream.reason === "desktop_unknown" || stream.reason === "screen_unknown";
      if (unknown && this.#online.get(desktopClientId)?.monitors.has(monitorId)) stream.retry();
      const place = this.#online.get(desktopClientId);
      const moved = place && before?.has(desktopClientId) && before.get(desktopClientId)?.instance !== place.instance;
      if (moved && stream.reason === CUT_OFF) stream.retry();
      // The old instance may be frozen, and its connection then stays open in silence.
      if (moved && stream.host) stream.host.release(stream, clock);
      this.#ask(stream, clock);
    }
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
    if (!stream || asked !== stream || stream.host) return; // closed while it was on its way: `stop_stream` follows it
    if (stream.route) this.#routes.delete(stream.route);
    stream.started({ desktopHandle: message.desktopHandle, epoch: message.epoch }, nowMs, nowTs);
    if (stream.route) this.#routes.set(stream.route, stream);
    this.#onChange(stream);
  }

  /**
   * @param {WireMessage} message
   * @param {Clock} clock
   */
  #stopped(message, { nowTs }) {
    const stream = this.#streams.get(keyOf(nameIn(message)));
    if (!stream || stream.host || message.reason === "asked") return; // ours, or on the way to a new start
    this.#end(stream, nowTs);
    if (message.reason === CUT_OFF) {
      this.#asked = this.#asked.filter((asked) => asked !== stream); // it may be the answer
      stream.cutOff(typeof message.url === "string" ? message.url : null, nowTs);
    }
    if (message.reason === "desktop_removed") stream.refused("desktop_removed", nowTs);
    this.#onChange(stream);
  }

  /**
   * @param {WireMessage} message `stream_elsewhere`: it was not started
   * @param {Clock} clock
   */
  #movedOn(message, clock) {
    const key = keyOf(nameIn(message));
    const place = this.#asked.findIndex((asked) => asked.key === key);
    const stream = place < 0 ? undefined : this.#asked.splice(place, 1)[0];
    if (!stream || this.#streams.get(key) !== stream || stream.epoch !== null || stream.host) return;
    if (this.#elsewhere?.(stream, { url: String(message.url), ticket: String(message.ticket) }, clock)) return;
    stream.direct = true;
    this.#ask(stream, clock);
  }

  /**
   * Errors name no stream: answers come in the order of the questions.
   * @param {string} reason
   * @param {Clock} clock
   * @returns {boolean} whether a stream was waiting for it
   */
  #refused(reason, { nowTs }) {
    if (reason !== "desktop_offline" && !REFUSALS.includes(reason)) return false;
    const stream = this.#asked.shift();
    if (!stream) return false;
    if (this.#streams.get(stream.key) !== stream) return true;
    if (reason === "desktop_offline") stream.lost(nowTs); // the list says when it is back
    else stream.refused(reason, nowTs);
    this.#onChange(stream);
    return true;
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
