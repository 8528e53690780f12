/**
 * One subscription of this viewer: a screen of a desktop in one rendition, with what is on its way to the canvas. Pure but
 * for the canvas that it is given.
 *
 * States:
 * - waiting: nothing to see yet: no connection, or the desktop is offline
 * - opening: `start_stream` was sent, and there has never been a picture
 * - live: what is on the canvas is what the desktop shows
 * - stale: there is a picture, and it is from before; nothing of the present epoch was painted
 * - refused: the server said no, see `reason`
 *
 * @typedef {"waiting" | "opening" | "live" | "stale" | "refused"} StreamState
 *
 * @typedef {object} StreamName
 * @property {string} desktopClientId
 * @property {number} monitorId
 * @property {number} rendition
 *
 * @typedef {object} StreamFacts what the page is told
 * @property {string} key
 * @property {StreamState} state
 * @property {string | null} reason
 * @property {string | null} offer where the desktop may be reached, in `origin_unreachable`: `https://…`
 * @property {string | null} host address of the other instance that it comes from; null: the own server sends it
 * @property {number | null} staleSinceTs milliseconds since 1970
 * @property {number} epoch 0 for none
 * @property {number} width of the picture on the canvas; 0 for none
 * @property {number} height
 * @property {number} frameNumber newest painted of this epoch
 * @property {number} painted frames painted since the page was opened
 * @property {number} quality of the newest picture, 0 for none; 100 is lossless
 * @property {number} superseded tiles dropped before decoding
 * @property {number} decodeErrors
 */
import { AckPace } from "./ack-pace.js";
import { PictureQueue } from "./picture-queue.js";

/** An answer to `start_stream` that stays away this long is asked for again. */
const ANSWER_TIMEOUT_MS = 8_000;
/** A stream that keeps breaking starts anew no more often than this. */
const ANEW_INTERVAL_MS = 3_000;

/** The reason of `stream_stopped` when the own server can't reach the one that has the desktop. */
export const CUT_OFF = "origin_unreachable";

/** @param {StreamName} name */
export function keyOf({ desktopClientId, monitorId, rendition }) {
  return `${desktopClientId}:${monitorId}:${rendition}`;
}

/**
 * @param {import("../shared/upload-sender.js").WireMessage} message about one stream
 * @returns {StreamName}
 */
export function nameIn({ desktopClientId, monitorId, rendition }) {
  return { desktopClientId, monitorId, rendition };
}

/** How a stream is told apart in frames. */
export function routeOf(/** @type {{desktopHandle: number, screen: number, rendition: number}} */ frame) {
  return `${frame.desktopHandle}/${frame.screen}/${frame.rendition}`;
}

export class Stream {
  /** @type {StreamState} */
  state = "waiting";
  /** @type {string | null} */
  route = null;
  /** @type {number | null} null: no frames are expected */
  epoch = null;
  queue = new PictureQueue();
  pace = new AckPace();
  decodeErrors = 0;
  /** Something of it was lost or can't be decoded, so the picture may be wrong until the stream starts anew. */
  damaged = false;
  /** @type {import("./outpost.js").Outpost | null} the other instance that it comes from; null: the own server sends it */
  host = null;
  /** The own server is to fetch the picture itself: the way to the other instance did not work. */
  direct = false;

  #name;
  #surface;
  /** @type {string | null} */
  #reason = null;
  /** @type {string | null} */
  #offer = null;
  #staleSinceTs = /** @type {number | null} */ (null);
  #width = 0;
  #height = 0;
  #painted = 0;
  #quality = 0;
  #askedMs = -Infinity;
  #anewMs = -Infinity;

  /**
   * @param {StreamName} name
   * @param {import("./surface.js").Surface} surface
   */
  constructor(name, surface) {
    this.#name = name;
    this.#surface = surface;
  }

  get name() {
    return this.#name;
  }

  get key() {
    return keyOf(this.#name);
  }

  get surface() {
    return this.#surface;
  }

  /** Why the server refused it, in `refused`. */
  get reason() {
    return this.#reason;
  }

  /** @returns {StreamFacts} */
  get facts() {
    return {
      key: this.key,
      state: this.state,
      reason: this.#reason,
      offer: this.#offer,
      host: this.host?.url ?? null,
      staleSinceTs: this.#staleSinceTs,
      epoch: this.epoch ?? 0,
      width: this.#width,
      height: this.#height,
      frameNumber: this.pace.frameNumber,
      painted: this.#painted,
      quality: this.#quality,
      superseded: this.queue.superseded,
      decodeErrors: this.decodeErrors,
    };
  }

  /**
   * `start_stream` goes out.
   * @param {number} nowMs monotonic
   */
  asked(nowMs) {
    this.#askedMs = nowMs;
    this.#reason = null;
    this.#offer = null;
    if (this.state === "waiting") this.state = "opening";
  }

  /**
   * @param {number} nowMs monotonic
   * @param {number} [timeoutMs]
   * @returns {boolean} whether the server owes an answer for too long
   */
  isOverdue(nowMs, timeoutMs = ANSWER_TIMEOUT_MS) {
    return this.epoch === null && this.#askedMs !== -Infinity && nowMs >= this.#askedMs + timeoutMs;
  }

  /**
   * `stream_started`: pictures of this epoch follow.
   * @param {{desktopHandle: number, epoch: number}} message
   * @param {number} nowMs monotonic
   * @param {number} nowTs milliseconds since 1970
   */
  started({ desktopHandle, epoch }, nowMs, nowTs) {
    if (this.state === "live") this.lost(nowTs); // the desktop came back as another registration
    if (this.state === "waiting") this.state = "opening";
    this.forgetQueue();
    this.damaged = false;
    this.direct = false;
    this.#reason = null;
    this.#offer = null;
    this.epoch = epoch;
    this.route = routeOf({ desktopHandle, screen: this.#name.monitorId, rendition: this.#name.rendition });
    this.pace.restart(nowMs);
  }

  /**
   * No more pictures for now; the last one stays.
   * @param {number} nowTs milliseconds since 1970
   */
  lost(nowTs) {
    this.forgetQueue();
    this.epoch = null;
    this.route = null;
    this.#askedMs = -Infinity;
    if (this.state !== "refused") this.#goStale(nowTs);
  }

  /**
   * The server won't.
   * @param {string} reason for programs
   * @param {number} nowTs milliseconds since 1970
   */
  refused(reason, nowTs) {
    this.lost(nowTs);
    this.state = "refused";
    this.#reason = reason;
  }

  /**
   * The own server can't reach the one that has the desktop; `stream_started` comes by itself when it can.
   * @param {string | null} url where that one may be reached
   * @param {number} nowTs milliseconds since 1970
   */
  cutOff(url, nowTs) {
    this.lost(nowTs);
    this.#reason = CUT_OFF;
    this.#offer = url;
  }

  /** A refused stream may be asked for again. */
  retry() {
    if (this.state === "refused") this.state = this.#painted > 0 ? "stale" : "waiting";
    this.#reason = null;
    this.#offer = null;
  }

  /**
   * @param {import("./frame.js").Frame} frame of this stream
   * @param {number} nowMs monotonic
   * @returns {boolean} false: not of this epoch, or more than was agreed
   */
  receive(frame, nowMs) {
    if (frame.epoch !== this.epoch) return true; // late bytes of a registration that is over
    this.queue.add(frame, nowMs);
    this.pace.received(frame.frameNumber);
    return !this.queue.overfull;
  }

  /**
   * Paints what is ready.
   * @param {() => number} now monotonic
   * @returns {boolean} whether anything was
   */
  paint(now) {
    const batches = this.queue.paintable();
    if (batches.length === 0) return false;
    this.#surface.paint(batches);
    const newest = batches[batches.length - 1];
    this.pace.painted(newest.frameNumber, newest.receivedMs, now());
    this.#painted += batches.length;
    this.#width = newest.width;
    this.#height = newest.height;
    this.#quality = newest.quality;
    this.state = "live";
    this.#staleSinceTs = null;
    return true;
  }

  /**
   * @param {number} nowMs monotonic
   * @returns {boolean} whether to start anew now; false: it isn't damaged, or did so a moment ago
   */
  takeTurnToStartAnew(nowMs) {
    if (!this.damaged || this.epoch === null || nowMs < this.#anewMs + ANEW_INTERVAL_MS) return false;
    this.#anewMs = nowMs;
    return true;
  }

  forgetQueue() {
    for (const picture of this.queue.clear()) picture.close();
  }

  /** @param {number} nowTs */
  #goStale(nowTs) {
    if (this.#painted === 0) {
      this.state = "waiting";
      return;
    }
    this.state = "stale";
    this.#staleSinceTs ??= nowTs;
  }
}
