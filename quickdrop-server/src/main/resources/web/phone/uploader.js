/**
 * Brings takes to the laptop, oldest first, one session at a time over the one connection. A take that is still being
 * recorded flows too; the next one's bytes wait in memory until the one before is saved.
 */
import { encodeChunk } from "../shared/chunk.js";
import { Link } from "../shared/link.js";

/** @typedef {import("./take.js").Take} Take */

/** Above this much in the socket's own buffer, wait: what is there can't be taken back. */
const SOCKET_BUFFER_BYTES = 1024 * 1024;
/** There is no event for a drained socket; this often we look. */
const LOOK_AGAIN_MS = 25;

export class Uploader {
  /** @type {Take[]} oldest first, saved ones included */
  takes = [];
  /** What the server said of itself at the last connect. @type {import("../shared/link.js").WireMessage | null} */
  hello = null;
  link;

  #onChange;
  /** The take that this connection is about. @type {Take | null} */
  #current = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} url
   * @param {() => string | null} token
   * @param {(saved: Take | null, failed: Take | null) => void} onChange something to show changed
   */
  constructor(url, token, onChange) {
    this.#onChange = onChange;
    this.link = new Link(url, token, {
      onOpen: (hello) => {
        this.hello = hello;
        this.pump();
      },
      onLost: () => {
        this.#current?.sender.disconnected();
        this.#current = null;
        onChange(null, null);
      },
      onMessage: (message) => this.#received(message),
      onState: () => onChange(null, null),
    });
  }

  /** @param {Take} take */
  add(take) {
    this.takes.push(take);
    this.pump();
  }

  /**
   * @param {Take} take
   * @returns {number} bytes that left this phone, or are already safe
   */
  sentBytes(take) {
    const { acknowledged, next, state } = take.sender;
    // What was on its way when a connection broke, or when the laptop refused it, has to be sent again.
    if (take !== this.#current || (state !== "sending" && state !== "ending")) return acknowledged;
    return Math.max(acknowledged, next - this.link.bufferedBytes);
  }

  /** @param {Take} take one that the person gave up or that never held a byte */
  remove(take) {
    const wasCurrent = take === this.#current;
    this.takes = this.takes.filter((other) => other !== take);
    take.store.clear();
    if (wasCurrent) this.#freshConnection();
  }

  /** @param {Take} take a failed one */
  retry(take) {
    take.sender.retry();
    this.pump();
  }

  /** Sends what can be sent now, and arranges to be called again when time alone changes something. */
  pump() {
    clearTimeout(this.#timer);
    const take = this.#choose();
    if (!take) return;
    const { sender, store } = take;
    sender.tick(performance.now());
    while (this.link.bufferedBytes < SOCKET_BUFFER_BYTES) {
      const outgoing = sender.poll(performance.now());
      if (!outgoing) break;
      this.link.send(
        outgoing.kind === "chunk"
          ? encodeChunk(outgoing.offset, store.slice(outgoing.offset, outgoing.length))
          : outgoing.message,
      );
    }
    const full = this.link.bufferedBytes >= SOCKET_BUFFER_BYTES;
    const inMs = full ? LOOK_AGAIN_MS : sender.deadlineMs - performance.now();
    if (inMs !== Infinity) this.#timer = setTimeout(() => this.pump(), Math.max(1, inMs));
  }

  /** @returns {Take | null} the take to work on, if there is a connection and one with something to send */
  #choose() {
    if (this.link.state !== "open") return null;
    if (this.#current?.sender.finished) this.#current = null;
    if (!this.#current) {
      // `start` says the recorder's real type, which is known from the first bytes on.
      this.#current = this.takes.find((take) => !take.sender.finished && take.sender.produced > 0) ?? null;
      this.#current?.sender.connected();
    }
    return this.#current;
  }

  /** @param {import("../shared/link.js").WireMessage} message */
  #received(message) {
    const take = this.#current;
    const about = message.sessionId;
    if (!take || (about !== undefined && about !== take.sessionId)) return;
    take.sender.received(message, performance.now());
    take.store.forget(take.sender.acknowledged);
    if (take.sender.state === "saved") {
      take.store.clear();
      this.#onChange(take, null);
    } else if (take.sender.state === "failed") {
      // The server may still hold the session open on this connection; the next take begins on a clean one.
      this.#onChange(null, take);
      this.#freshConnection();
    } else {
      this.#onChange(null, null);
    }
    this.pump();
  }

  #freshConnection() {
    this.#current = null;
    if (this.link.state === "open") this.link.start();
  }
}
