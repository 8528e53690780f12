/**
 * The link that gets through: a WebSocket, and where that is blocked although plain HTTPS works, requests. The WebSocket is
 * looked for again from time to time, and used again as soon as it opens.
 */
import { Link } from "./link.js";
import { PutLink } from "./put-link.js";

/** WebSockets that fail in a row before HTTPS is tried: one may just have met a server that restarts. */
const FAILURES_TO_FALL_BACK = 3;
/** While requests do the work. */
const LOOK_FOR_WEBSOCKET_MS = 60_000;

/** @typedef {import("./link.js").LinkEvents} LinkEvents */

export class EitherLink {
  /** @type {Link} */
  #websocket;
  /** @type {PutLink} */
  #https;
  /** @type {Link | PutLink} */
  #active;
  #events;
  /** The WebSocket was found blocked before: one more failure is enough. */
  #wasBlocked = false;
  #asking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** A WebSocket tried out beside the requests. @type {Link} */
  #scout;

  /**
   * @param {string} url of the WebSocket
   * @param {() => string | null} token asked at every connect
   * @param {LinkEvents} events
   */
  constructor(url, token, events) {
    this.#events = events;
    this.#websocket = new Link(url, token, this.#heardBy(() => this.#websocket));
    this.#https = new PutLink(token, this.#heardBy(() => this.#https));
    this.#active = this.#websocket;
    this.#scout = new Link(url, token, {
      onOpen: () => {
        this.#wasBlocked = false;
        this.#use(this.#websocket);
        this.#endLooking();
      },
      onLost: () => {},
      onMessage: () => {},
      onState: () => {
        if (this.#scout.state === "waiting") this.#endLooking();
      },
    });
    const wake = () => this.wake();
    addEventListener("online", wake);
    addEventListener("pageshow", wake);
  }

  /** How bytes go to the laptop now. @returns {"websocket" | "https"} */
  get way() {
    return this.#active === this.#https ? "https" : "websocket";
  }

  get state() {
    return this.#active.state;
  }

  get refusal() {
    return this.#active.refusal;
  }

  get failures() {
    return this.#active.failures;
  }

  get retryInMs() {
    return this.#active.retryInMs;
  }

  get bufferedBytes() {
    return this.#active.bufferedBytes;
  }

  get everOpened() {
    return this.#websocket.everOpened || this.#https.everOpened;
  }

  start() {
    this.#active.start();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#scout.stop();
    this.#active.stop();
  }

  wake() {
    if (this.way === "https") this.#https.wake(); // the WebSocket wakes by itself
  }

  /** @param {import("./upload-sender.js").WireMessage | Uint8Array<ArrayBuffer>} message */
  send(message) {
    this.#active.send(message);
  }

  /**
   * @param {() => Link | PutLink} link whose events these are; nobody hears of the other one's
   * @returns {LinkEvents}
   */
  #heardBy(link) {
    return {
      onOpen: (hello) => link() === this.#active && this.#events.onOpen(hello),
      onLost: () => link() === this.#active && this.#events.onLost(),
      onMessage: (message) => link() === this.#active && this.#events.onMessage(message),
      onState: () => {
        if (link() !== this.#active) return;
        this.#events.onState();
        void this.#judge();
      },
    };
  }

  async #judge() {
    if (this.#active === this.#https) {
      // The laptop itself is away: the WebSocket may come back first, and knows best how long to wait.
      if (this.#https.state === "waiting") this.#use(this.#websocket);
      return;
    }
    const enough = this.#wasBlocked ? 1 : FAILURES_TO_FALL_BACK;
    if (this.#asking || this.#websocket.state !== "waiting" || this.#websocket.failures < enough) return;
    this.#asking = true;
    const answers = await httpsAnswers();
    this.#asking = false;
    if (!answers || this.way !== "websocket" || this.state === "open") return;
    this.#wasBlocked = true;
    this.#use(this.#https);
    this.#lookForWebSocket();
  }

  /** @param {Link | PutLink} link */
  #use(link) {
    if (link === this.#active) return;
    this.#active.stop(); // its `onLost` is still heard
    this.#active = link;
    link.start();
    this.#events.onState();
  }

  #lookForWebSocket() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.way === "https") this.#scout.start();
    }, LOOK_FOR_WEBSOCKET_MS);
  }

  #endLooking() {
    this.#scout.stop();
    this.#lookForWebSocket();
  }
}

/** @returns {Promise<boolean>} whether the laptop answers plain HTTPS */
async function httpsAnswers() {
  try {
    return (await fetch("/phone", { cache: "no-store", signal: AbortSignal.timeout(8_000) })).ok;
  } catch (error) {
    console.info("HTTPS does not work either: the laptop is out of reach", error);
    return false;
  }
}
