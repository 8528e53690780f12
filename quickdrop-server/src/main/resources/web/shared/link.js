/**
 * One WebSocket to the server that is always there or coming back: carries out what `Reconnector` decides.
 * Used by the phone page, the dashboard and the viewer page; the last runs it in a worker, which has no `document` and
 * is told by its page when to `wake`.
 */
import { Reconnector } from "./reconnector.js";

/** @typedef {import("./upload-sender.js").WireMessage} WireMessage */

export const SUBPROTOCOL = "quickdrop.v2";
/** Prefix under which a browser carries its key: it can't set `Authorization` on a WebSocket. */
export const TOKEN_PREFIX = "quickdrop.token.";

/**
 * @typedef {object} LinkEvents
 * @property {(hello: WireMessage) => void} onOpen `hello` came: send
 * @property {() => void} onLost the connection is gone
 * @property {(message: WireMessage) => void} onMessage everything but `hello`, `pong` and `goodbye`
 * @property {(message: ArrayBuffer) => void} [onBinary] a binary message, whole
 * @property {() => void} onState `state` changed
 */

export class Link {
  /** Whether any connection of this page ever got as far as `hello`. */
  everOpened = false;

  #url;
  #token;
  #events;
  #reconnector = new Reconnector(Math.random);
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #announced = "";
  #ended = new AbortController();

  /**
   * @param {string} url
   * @param {() => string | null} token asked at every connect
   * @param {LinkEvents} events
   */
  constructor(url, token, events) {
    this.#url = url;
    this.#token = token;
    this.#events = events;
    const wake = () => this.wake();
    const { signal } = this.#ended;
    addEventListener("online", wake, { signal });
    addEventListener("pageshow", wake, { signal });
    if (typeof document === "undefined") return;
    const shown = () => document.visibilityState === "visible" && wake();
    document.addEventListener("visibilitychange", shown, { signal });
  }

  get state() {
    return this.#reconnector.state;
  }

  get refusal() {
    return this.#reconnector.refusal;
  }

  /** Tries since the last `hello`. */
  get failures() {
    return this.#reconnector.failures;
  }

  /** Until the next try, milliseconds; 0 when none is planned. */
  get retryInMs() {
    return this.state === "waiting" ? Math.max(0, this.#reconnector.retryAtMs - performance.now()) : 0;
  }

  /** Bytes that the socket has accepted and not yet handed to the network. */
  get bufferedBytes() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Connect now, dropping whatever is there. */
  start() {
    this.#obey(this.#reconnector.start(performance.now()));
  }

  stop() {
    this.#obey(this.#reconnector.stop());
  }

  /** For good. */
  end() {
    this.#ended.abort();
    this.stop();
  }

  /** The page came back to the front, or the network did: a wait ends, and an open connection must prove that it lives. */
  wake() {
    this.#obey(this.#reconnector.wake(performance.now()));
  }

  /** @param {WireMessage | Uint8Array<ArrayBuffer>} message ignored unless open: the caller hears `onLost` */
  send(message) {
    if (this.state !== "open" || this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
  }

  /** @param {import("./reconnector.js").Order[]} orders */
  #obey(orders) {
    for (const order of orders) {
      if (order === "connect") this.#connect();
      else if (order === "drop") this.#drop();
      else this.send({ type: "ping", timestamp: Date.now() });
    }
    clearTimeout(this.#timer);
    const deadlineMs = this.#reconnector.deadlineMs;
    if (deadlineMs !== Infinity) {
      this.#timer = setTimeout(
        () => this.#obey(this.#reconnector.tick(performance.now())),
        Math.max(0, deadlineMs - performance.now()) + 1,
      );
    }
    if (this.state !== this.#announced) {
      this.#announced = this.state;
      this.#events.onState();
    }
  }

  #connect() {
    const token = this.#token();
    /** @type {WebSocket} */
    let socket;
    try {
      socket = new WebSocket(this.#url, token ? [SUBPROTOCOL, TOKEN_PREFIX + token] : [SUBPROTOCOL]);
    } catch (error) {
      // A browser that forbids the connection outright (policy, malformed token): as good as a failed one.
      console.warn("the browser refused to open a WebSocket", error);
      queueMicrotask(() => this.#obey(this.#reconnector.closed(performance.now(), 1006)));
      return;
    }
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => this.#obey(this.#reconnector.closed(performance.now(), event.code));
    this.#socket = socket;
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(); // on a zombie this may do nothing: nobody listens to it any more
    this.#events.onLost();
  }

  /** @param {unknown} data */
  #received(data) {
    const nowMs = performance.now();
    this.#reconnector.heard(nowMs);
    if (data instanceof ArrayBuffer) {
      this.#events.onBinary?.(data);
      return;
    }
    /** @type {WireMessage | null} */
    let message = null;
    if (typeof data === "string") {
      try {
        message = JSON.parse(data);
      } catch (error) {
        console.warn("the server sent text that is not JSON", error);
      }
    }
    if (message === null || typeof message !== "object") return;
    if (message.type === "hello") {
      this.#reconnector.opened(nowMs);
      this.everOpened = true;
      this.#events.onOpen(message); // the first message decides our role; pings come after it
      this.#obey([]);
    } else if (message.type === "goodbye") {
      this.#obey(this.#reconnector.goodbye(nowMs, Number(message.retryAfterMs) || 0));
    } else if (message.type !== "pong") {
      this.#events.onMessage(message);
    }
  }
}
