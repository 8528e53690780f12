/**
 * This page as a viewer: the connection, its streams, decoding, painting, acknowledging. Runs in a worker, so that a busy
 * page neither delays an acknowledgement nor a picture; in the page itself where browsers lack what that takes.
 *
 * One worker for all streams: browsers decode on threads of their own, and drawing a decoded 1080p screen of 135 tiles costs
 * this one 0.5 to 6 ms.
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
import { Decoder } from "./decoder.js";
import { CODECS, parseFrame } from "./frame.js";
import { REACH_MS } from "./outpost.js";
import { wayTo } from "./outpost-way.js";
import { Outposts } from "./outposts.js";
import { keyOf, Stream } from "./stream.js";
import { Subscriptions } from "./subscriptions.js";
import { Surface } from "./surface.js";

/** The page hears of new pictures no more often than this; of new states at once. */
const NEWS_INTERVAL_MS = 100;
const TICK_MS = 1_000;

export class ViewerSession {
  #tell;
  /** @type {Link | null} */
  #link = null;
  /** @type {string | null} */
  #token = null;
  #viewer = { clientId: "", friendlyName: "" };
  /** @type {Map<string, Surface>} */
  #surfaces = new Map();
  #streams = new Subscriptions(
    (message) => this.#link?.send(message),
    (stream) => this.#changed(stream),
    (stream, offer, now) => this.#goElsewhere(stream, offer, now),
  );
  #outposts = new Outposts((url, ticket, events) => wayTo(url, ticket, this.#introduction, events), {
    clock,
    onChange: (stream) => this.#changed(stream),
    giveBack: (stream, direct, now) => this.#streams.returned(stream, direct, now),
    onMessage: (message) => this.#tell({ kind: "message", message }),
    onBinary: (message, outpost) => this.#receivedFrame(message, outpost),
  });
  #decoder = new Decoder();
  #pool = new DecodePool(this.#decoder, (stream, problem) => this.#advanced(stream, problem));
  /** @type {Map<string, {atMs: number, timer?: ReturnType<typeof setTimeout>}>} when the page last heard of a stream */
  #told = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} acknowledgements that wait for their time */
  #ackTimers = new Map();

  /** @param {(news: SessionNews, transfer?: Transferable[]) => void} tell */
  constructor(tell) {
    this.#tell = tell;
    setInterval(() => {
      this.#streams.tick(clock());
      this.#outposts.tick(clock());
    }, TICK_MS);
  }

  /** @param {PageOrder} order */
  handle(order) {
    switch (order.kind) {
      case "connect":
        return this.#connect(order);
      case "disconnect":
        this.#link?.stop();
        return this.#outposts.stop();
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
      onLost: () => this.#streams.disconnected(clock()),
      onMessage: (message) => this.#received(message),
      onBinary: (message) => this.#receivedFrame(message, this.#streams),
      onState: () => this.#tellLink(),
    });
    this.#link.start();
  }

  get #introduction() {
    return { clientType: "web", ...this.#viewer, monitors: [], codecs: CODECS, capabilities: [] };
  }

  #introduce() {
    this.#link?.send({ type: "handshake", clientInfo: this.#introduction });
  }

  /** @param {import("../shared/upload-sender.js").WireMessage} message */
  #received(message) {
    if (message.type === "handshake_ack") {
      this.#streams.connected();
      this.#tellLink();
      return;
    }
    if (!this.#streams.received(message, clock())) this.#tell({ kind: "message", message });
  }

  /**
   * @param {ArrayBuffer} message
   * @param {Subscriptions | import("./outpost.js").Outpost} place where it came from: each numbers its desktops itself
   */
  #receivedFrame(message, place) {
    const { frame, problem } = parseFrame(message);
    if (!frame) {
      console.warn(`a binary message of the server is not a frame: ${problem}`);
      return;
    }
    const stream = place.streamOf(frame);
    if (!stream) return;
    if (stream.receive(frame, performance.now())) return this.#pool.feed(stream);
    console.warn(`stream ${stream.key}: more frames than were agreed wait to be painted, so it starts anew`);
    stream.forgetQueue();
    stream.damaged = true;
    this.#streams.repair(stream, clock());
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
      if (this.#streams.find(stream.key) === stream) this.#streams.repair(stream, clock());
    }
    const before = stream.state;
    const startedMs = performance.now();
    if (!stream.paint(() => performance.now())) return;
    this.#decoder.painted(performance.now() - startedMs, performance.now());
    this.#acknowledge(stream);
    this.#tellStream(stream, stream.state !== before);
  }

  /**
   * @param {Stream} stream
   * @param {{url: string, ticket: string}} offer
   * @param {import("./subscriptions.js").Clock} now
   */
  #goElsewhere(stream, offer, now) {
    setTimeout(() => this.#outposts.tick(clock()), REACH_MS + 1);
    return this.#outposts.take(stream, offer, now);
  }

  /** @param {Stream} stream its state is another, or its acknowledgements begin anew */
  #changed(stream) {
    this.#acknowledge(stream);
    this.#tellStream(stream, true);
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
      (stream.host ?? this.#link)?.send({ type: "frame_ack", ...stream.name, epoch: stream.epoch, ...ack, decoderQueue });
    } else if (stream.pace.deadlineMs !== Infinity) {
      const wait = Math.ceil(stream.pace.deadlineMs - nowMs);
      this.#ackTimers.set(stream.key, setTimeout(() => this.#acknowledge(stream), wait));
    }
  }

  /** @param {Extract<PageOrder, {kind: "open"}>} order also repeated: tries a refused stream again */
  #open({ name, surface, hidden }) {
    const place = this.#surfaces.get(surface);
    if (!place) throw new Error(`surface ${surface} was never handed over`);
    const known = this.#streams.find(keyOf(name));
    const stream = known ?? new Stream(name, place);
    stream.pace.setHidden(hidden, performance.now());
    if (known) this.#streams.retry(known, clock());
    else this.#streams.open(stream, clock());
  }

  /** @param {string} key */
  #close(key) {
    const stream = this.#streams.find(key);
    if (!stream) return;
    this.#streams.close(stream, clock());
    clearTimeout(this.#told.get(key)?.timer);
    this.#told.delete(key);
    clearTimeout(this.#ackTimers.get(key));
    this.#ackTimers.delete(key);
  }

  /**
   * @param {string} key
   * @param {boolean} hidden
   */
  #setHidden(key, hidden) {
    const stream = this.#streams.find(key);
    if (!stream) return;
    stream.pace.setHidden(hidden, performance.now());
    this.#acknowledge(stream);
  }

  #tellLink() {
    const link = this.#link;
    if (!link) return;
    this.#tell({
      kind: "link",
      state: link.state,
      refusal: link.refusal,
      retryInMs: link.retryInMs,
      ready: this.#streams.ready && link.state === "open",
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

/** @returns {import("./subscriptions.js").Clock} */
function clock() {
  return { nowMs: performance.now(), nowTs: Date.now() };
}
