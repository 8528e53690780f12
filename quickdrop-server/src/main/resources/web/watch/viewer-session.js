/**
 * This page as a viewer: the connection, its streams, decoding, painting, acknowledging. Runs in a worker, so that a busy
 * page neither delays an acknowledgement nor a picture; in the page itself where browsers lack what that takes.
 *
 * One worker for all streams: browsers decode on threads of their own, and drawing a decoded 1080p screen costs it 0.4 ms.
 *
 * @typedef {import("./stream.js").StreamName} StreamName
 * @typedef {import("./stream.js").StreamFacts} StreamFacts
 *
 * @typedef {{kind: "connect", url: string, token: string | null, viewerId: string, viewerName: string}
 *         | {kind: "disconnect"}
 *         | {kind: "wake"}
 *         | {kind: "surface", surface: string, canvas: OffscreenCanvas | HTMLCanvasElement}
 *         | {kind: "dropSurface", surface: string}
 *         | {kind: "open", name: StreamName, surface: string, hidden: boolean}
 *         | {kind: "close", name: StreamName}
 *         | {kind: "hidden", name: StreamName, hidden: boolean}
 *         | {kind: "send", message: import("../shared/upload-sender.js").WireMessage}
 *         | {kind: "pixels", request: number, surface: string}
 *         | {kind: "png", request: number, surface: string}} PageOrder
 *
 * @typedef {{kind: "link", state: string, refusal: string | null, retryInMs: number, ready: boolean}
 *         | {kind: "message", message: import("../shared/upload-sender.js").WireMessage}
 *         | {kind: "stream", facts: StreamFacts}
 *         | {kind: "answer", request: number, value: ImageData | Blob | null}
 *         | {kind: "alive"}} SessionNews
 */
import { Link } from "../shared/link.js";
import { DecodePool } from "./decode-pool.js";
import { CODECS, parseFrame } from "./frame.js";
import { keyOf, routeOf, Stream } from "./stream.js";
import { Surface } from "./surface.js";

/** The page hears of new pictures no more often than this; of new states at once. */
const NEWS_INTERVAL_MS = 100;
const TICK_MS = 1_000;

/** What refuses one subscription rather than the whole connection. */
const REFUSALS = ["desktop_unknown", "screen_unknown", "stream_limit", "forbidden"];

export class ViewerSession {
  #tell;
  /** @type {Link | null} */
  #link = null;
  /** @type {string | null} */
  #token = null;
  #viewer = { clientId: "", friendlyName: "" };
  /** The server knows who we are and answers. */
  #ready = false;
  /** @type {Set<string> | null} ids of desktops that are online; null: not known yet */
  #online = null;
  /** @type {Map<string, Surface>} */
  #surfaces = new Map();
  /** @type {Map<string, Stream>} by key */
  #streams = new Map();
  /** @type {Map<string, Stream>} by what stands in their frames */
  #routes = new Map();
  /** @type {Stream[]} that were asked for and not answered, in order; also such as were closed since */
  #asked = [];
  #pool = new DecodePool((stream, problem) => this.#advanced(stream, problem));
  /** @type {Map<string, {atMs: number, timer?: ReturnType<typeof setTimeout>}>} when the page last heard of a stream */
  #told = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} acknowledgements that wait for their time */
  #ackTimers = new Map();

  /** @param {(news: SessionNews, transfer?: Transferable[]) => void} tell */
  constructor(tell) {
    this.#tell = tell;
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** @param {PageOrder} order */
  handle(order) {
    switch (order.kind) {
      case "connect":
        return this.#connect(order);
      case "disconnect":
        return this.#link?.stop();
      case "wake":
        return this.#link?.wake();
      case "surface":
        this.#surfaces.set(order.surface, new Surface(order.canvas));
        return;
      case "dropSurface":
        this.#surfaces.delete(order.surface);
        return;
      case "open":
        return this.#open(order);
      case "close":
        return this.#close(keyOf(order.name));
      case "hidden":
        return this.#setHidden(keyOf(order.name), order.hidden);
      case "send":
        return this.#link?.send(order.message);
      case "pixels":
        return this.#answer(order.request, this.#surfaces.get(order.surface)?.pixels() ?? null);
      case "png":
        return void this.#png(order);
    }
  }

  /** @param {Extract<PageOrder, {kind: "connect"}>} order */
  #connect({ url, token, viewerId, viewerName }) {
    this.#token = token;
    this.#viewer = { clientId: viewerId, friendlyName: viewerName };
    this.#link ??= new Link(url, () => this.#token, {
      onOpen: () => this.#introduce(),
      onLost: () => this.#lost(),
      onMessage: (message) => this.#received(message),
      onBinary: (message) => this.#receivedFrame(message),
      onState: () => this.#tellLink(),
    });
    this.#link.start();
  }

  #introduce() {
    const clientInfo = { clientType: "web", ...this.#viewer, monitors: [], codecs: CODECS, capabilities: [] };
    this.#link?.send({ type: "handshake", clientInfo });
  }

  #lost() {
    this.#ready = false;
    this.#online = null;
    this.#asked = [];
    this.#routes.clear();
    for (const stream of this.#streams.values()) {
      stream.lost(Date.now());
      this.#tellStream(stream, true);
    }
  }

  /** @param {import("../shared/upload-sender.js").WireMessage} message */
  #received(message) {
    switch (message.type) {
      case "handshake_ack":
        this.#ready = true;
        this.#link?.send({ type: "get_desktop_clients" });
        this.#tellLink();
        return;
      case "desktop_clients_list":
        this.#list(message);
        break;
      case "stream_started":
        this.#started(message);
        break;
      case "stream_stopped":
        this.#stopped(message);
        break;
      case "error":
        this.#refused(String(message.reason));
        break;
    }
    this.#tell({ kind: "message", message });
  }

  /** @param {import("../shared/upload-sender.js").WireMessage} message `desktop_clients_list` */
  #list(message) {
    const clients = /** @type {{clientId: string, state: string}[]} */ (message.clients);
    this.#online = new Set(clients.filter((client) => client.state === "online").map((client) => client.clientId));
    for (const stream of this.#streams.values()) {
      if (this.#online.has(stream.name.desktopClientId)) this.#ask(stream);
    }
  }

  /**
   * Asks for a stream unless it runs, is being asked for, was refused or can't be had.
   * @param {Stream} stream
   */
  #ask(stream) {
    if (!this.#ready || stream.state === "refused" || stream.epoch !== null) return;
    if (!this.#online?.has(stream.name.desktopClientId) || this.#asked.includes(stream)) return;
    stream.asked(performance.now());
    this.#asked.push(stream);
    this.#link?.send({ type: "start_stream", ...stream.name });
    this.#tellStream(stream, true);
  }

  /** @param {import("../shared/upload-sender.js").WireMessage} message */
  #started(message) {
    const name = nameIn(message);
    const stream = this.#streams.get(keyOf(name));
    const place = this.#asked.findIndex((asked) => asked.key === keyOf(name));
    const asked = place < 0 ? stream : this.#asked.splice(place, 1)[0];
    if (!stream || asked !== stream) return; // closed while it was on its way: `stop_stream` follows it
    if (stream.route) this.#routes.delete(stream.route);
    stream.started({ desktopHandle: message.desktopHandle, epoch: message.epoch }, performance.now());
    if (stream.route) this.#routes.set(stream.route, stream);
    this.#acknowledge(stream);
    this.#tellStream(stream, true);
  }

  /** @param {import("../shared/upload-sender.js").WireMessage} message */
  #stopped(message) {
    const stream = this.#streams.get(keyOf(nameIn(message)));
    if (!stream || message.reason === "asked") return; // ours, or on the way to a new start
    this.#unroute(stream);
    if (message.reason === "desktop_removed") stream.refused("desktop_removed", Date.now());
    else stream.lost(Date.now());
    this.#tellStream(stream, true);
  }

  /**
   * Errors name no stream: answers come in the order of the questions.
   * @param {string} reason
   */
  #refused(reason) {
    if (reason !== "desktop_offline" && !REFUSALS.includes(reason)) return;
    const stream = this.#asked.shift();
    if (!stream || this.#streams.get(stream.key) !== stream) return;
    if (reason === "desktop_offline") stream.lost(Date.now()); // the list says when it is back
    else stream.refused(reason, Date.now());
    this.#tellStream(stream, true);
  }

  /** @param {ArrayBuffer} message */
  #receivedFrame(message) {
    const nowMs = performance.now();
    const { frame, problem } = parseFrame(message);
    if (!frame) {
      console.warn(`a binary message of the server is not a frame: ${problem}`);
      return;
    }
    const stream = this.#routes.get(routeOf(frame));
    if (!stream) return; // of a stream that was just closed
    if (!stream.receive(frame, nowMs)) {
      console.warn(`stream ${stream.key}: more frames than were agreed wait to be painted`);
      stream.forgetQueue();
      stream.damaged = true;
      return this.#repair(stream);
    }
    this.#pool.feed(stream);
  }

  /**
   * A picture of this stream was decoded, or could not be.
   * @param {Stream} stream
   * @param {unknown} problem
   */
  #advanced(stream, problem) {
    if (problem) {
      stream.decodeErrors++;
      if (!stream.damaged) console.warn(`stream ${stream.key}: a picture can't be decoded, so it starts anew`, problem);
      stream.damaged = true;
    }
    this.#repair(stream);
    const before = stream.state;
    if (!stream.paint(() => performance.now())) return;
    this.#acknowledge(stream);
    this.#tellStream(stream, stream.state !== before);
  }

  /**
   * Asks for the whole of a damaged picture again, now or at a later tick.
   * @param {Stream} stream
   */
  #repair(stream) {
    if (!stream.takeTurnToStartAnew(performance.now())) return;
    this.#unroute(stream);
    stream.lost(Date.now());
    this.#link?.send({ type: "stop_stream", ...stream.name });
    this.#ask(stream);
  }

  /** @param {Stream} stream */
  #acknowledge(stream) {
    clearTimeout(this.#ackTimers.get(stream.key));
    this.#ackTimers.delete(stream.key);
    if (stream.epoch === null) return;
    const nowMs = performance.now();
    const ack = stream.pace.poll(nowMs);
    if (ack) {
      const decoderQueue = stream.queue.length;
      this.#link?.send({ type: "frame_ack", ...stream.name, epoch: stream.epoch, ...ack, decoderQueue });
    } else if (stream.pace.deadlineMs !== Infinity) {
      const wait = Math.ceil(stream.pace.deadlineMs - nowMs);
      this.#ackTimers.set(stream.key, setTimeout(() => this.#acknowledge(stream), wait));
    }
  }

  /** @param {Extract<PageOrder, {kind: "open"}>} order also repeated: tries a refused stream again */
  #open({ name, surface, hidden }) {
    const place = this.#surfaces.get(surface);
    if (!place) throw new Error(`surface ${surface} was never handed over`);
    let stream = this.#streams.get(keyOf(name));
    if (!stream) {
      stream = new Stream(name, place);
      this.#streams.set(stream.key, stream);
    }
    stream.retry();
    stream.pace.setHidden(hidden, performance.now());
    this.#tellStream(stream, true);
    this.#ask(stream);
  }

  /** @param {string} key */
  #close(key) {
    const stream = this.#streams.get(key);
    if (!stream) return;
    this.#streams.delete(key);
    this.#unroute(stream);
    stream.forgetQueue();
    stream.epoch = null;
    clearTimeout(this.#told.get(key)?.timer);
    this.#told.delete(key);
    clearTimeout(this.#ackTimers.get(key));
    this.#ackTimers.delete(key);
    if (this.#ready) this.#link?.send({ type: "stop_stream", ...stream.name });
  }

  /**
   * @param {string} key
   * @param {boolean} hidden
   */
  #setHidden(key, hidden) {
    const stream = this.#streams.get(key);
    if (!stream) return;
    stream.pace.setHidden(hidden, performance.now());
    this.#acknowledge(stream);
  }

  #tick() {
    for (const stream of this.#streams.values()) {
      this.#repair(stream);
      if (!stream.isOverdue(performance.now())) continue;
      this.#asked = this.#asked.filter((asked) => asked !== stream);
      this.#ask(stream);
    }
  }

  /** @param {Stream} stream */
  #unroute(stream) {
    if (stream.route) this.#routes.delete(stream.route);
    stream.route = null;
  }

  #tellLink() {
    const link = this.#link;
    if (!link) return;
    this.#tell({
      kind: "link",
      state: link.state,
      refusal: link.refusal,
      retryInMs: link.retryInMs,
      ready: this.#ready && link.state === "open",
    });
  }

  /**
   * @param {Stream} stream
   * @param {boolean} atOnce
   */
  #tellStream(stream, atOnce) {
    const nowMs = performance.now();
    const last = this.#told.get(stream.key) ?? { atMs: -Infinity };
    this.#told.set(stream.key, last);
    if (!atOnce && nowMs < last.atMs + NEWS_INTERVAL_MS) {
      last.timer ??= setTimeout(() => this.#tellStream(stream, true), last.atMs + NEWS_INTERVAL_MS - nowMs);
      return;
    }
    clearTimeout(last.timer);
    last.timer = undefined;
    last.atMs = nowMs;
    this.#tell({ kind: "stream", facts: stream.facts });
  }

  /** @param {Extract<PageOrder, {kind: "png"}>} order */
  async #png({ request, surface }) {
    try {
      this.#answer(request, (await this.#surfaces.get(surface)?.png()) ?? null);
    } catch (error) {
      console.warn("the canvas could not be turned into a file", error);
      this.#answer(request, null);
    }
  }

  /**
   * @param {number} request
   * @param {ImageData | Blob | null} value
   */
  #answer(request, value) {
    this.#tell({ kind: "answer", request, value }, value instanceof ImageData ? [value.data.buffer] : []);
  }
}

/**
 * @param {import("../shared/upload-sender.js").WireMessage} message
 * @returns {StreamName}
 */
function nameIn({ desktopClientId, monitorId, rendition }) {
  return { desktopClientId, monitorId, rendition };
}
