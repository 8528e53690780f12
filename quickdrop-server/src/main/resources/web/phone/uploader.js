/**
 * Brings takes and files to the laptop, oldest first, one session at a time over the one connection. A take that is still
 * being recorded flows too; in between, files have their turn.
 */
import { encodeChunk } from "../shared/chunk.js";
import { EitherLink } from "../shared/either-link.js";
import { hashBlocks } from "../shared/source-hash.js";
import { LEAVE_AFTER_MS, mayLeave, mostUrgent } from "./turns.js";

/** @typedef {import("./take.js").Take | import("./file-take.js").FileTake} Take */

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
  /** Since when another take waits for the present one to leave the connection. @type {number | null} */
  #leavingSinceMs = null;
  #pumping = false;
  #wanted = false;

  /**
   * @param {string} url
   * @param {() => string | null} token
   * @param {(saved: Take | null, failed: Take | null) => void} onChange something to show changed
   */
  constructor(url, token, onChange) {
    this.#onChange = onChange;
    this.link = new EitherLink(url, token, {
      onOpen: (hello) => {
        this.hello = hello;
        this.pump();
      },
      onLost: () => {
        this.#current?.sender.disconnected();
        this.#current = null;
        this.#leavingSinceMs = null;
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
    void take.store.clear();
    if (wasCurrent) this.#freshConnection();
  }

  /** @param {Take} take a failed one */
  retry(take) {
    take.sender.retry();
    this.pump();
  }

  /** Sends what can be sent now, and arranges to be called again when time alone changes something. */
  pump() {
    this.#wanted = true;
    if (!this.#pumping) void this.#pumpWhileWanted();
  }

  /** One at a time: what is polled goes out in the order in which it was polled, also while bytes are read from a disk. */
  async #pumpWhileWanted() {
    this.#pumping = true;
    while (this.#wanted) {
      this.#wanted = false;
      await this.#pumpOnce();
    }
    this.#pumping = false;
  }

  async #pumpOnce() {
    clearTimeout(this.#timer);
    const take = this.#choose();
    if (this.#leavingSinceMs !== null) this.#timer = setTimeout(() => this.pump(), LEAVE_AFTER_MS);
    if (!take || this.#leavingSinceMs !== null) return;
    const { sender } = take;
    sender.tick(performance.now());
    while (this.link.bufferedBytes < SOCKET_BUFFER_BYTES) {
      const outgoing = sender.poll(performance.now());
      if (!outgoing) break;
      if (outgoing.kind === "text") this.link.send(outgoing.message);
      else if (outgoing.kind === "hash") void this.#hash(take, outgoing);
      else if (!(await this.#sendChunk(take, outgoing))) return this.pump();
    }
    const full = this.link.bufferedBytes >= SOCKET_BUFFER_BYTES;
    const inMs = full ? LOOK_AGAIN_MS : sender.deadlineMs - performance.now();
    if (inMs !== Infinity) this.#timer = setTimeout(() => this.pump(), Math.max(1, inMs));
  }

  /**
   * @param {Take} take
   * @param {{offset: number, length: number, repair?: true}} chunk
   * @returns {Promise<boolean>} false if, by the time the bytes were there, they were not wanted any more
   */
  async #sendChunk(take, { offset, length, repair }) {
    const { turn } = take.sender;
    let bytes = null;
    try {
      bytes = await take.store.read(offset, length);
    } catch (error) {
      console.error(`bytes ${offset}+${length} of ${take.sessionId} cannot be read any more`, error);
    }
    if (take !== this.#current || take.sender.turn !== turn) return false;
    if (bytes) {
      this.link.send(encodeChunk(offset, bytes, repair));
      return true;
    }
    take.sender.giveUp("phone_lost_bytes");
    this.#gaveUp(take);
    return false;
  }

  /**
   * The laptop has something else: this phone's bytes are read again, while everything else goes on.
   * @param {Take} take
   * @param {{offset: number, bytes: number, blockBytes: number}} part
   */
  async #hash(take, part) {
    const { turn } = take.sender;
    const wanted = () => take === this.#current && take.sender.turn === turn;
    try {
      const hashes = await hashBlocks((offset, length) => take.store.read(offset, length), part, wanted);
      if (hashes && wanted()) take.sender.hashed(hashes);
    } catch (error) {
      console.error(`bytes of ${take.sessionId} cannot be read again`, error);
      if (!wanted()) return;
      take.sender.giveUp("phone_lost_bytes");
      this.#gaveUp(take);
    }
    this.pump();
  }

  /** @returns {Take | null} the take to work on, if there is a connection and one with something to send */
  #choose() {
    if (this.link.state !== "open") return null;
    if (this.#current?.sender.finished) this.#current = null;
    const urgent = mostUrgent(this.takes);
    const nowMs = performance.now();
    if (this.#current && this.#current !== urgent) {
      this.#leavingSinceMs ??= nowMs;
      if (!mayLeave(this.#current, nowMs - this.#leavingSinceMs)) return this.#current;
      this.#current.sender.disconnected(); // `resume` brings it back, on the same connection
      this.#current = null;
    }
    this.#leavingSinceMs = null;
    if (!this.#current) {
      this.#current = urgent;
      urgent?.sender.connected();
    }
    return this.#current;
  }

  /** @param {import("../shared/link.js").WireMessage} message */
  #received(message) {
    if (message.type === "progress" && typeof message.freeBytes === "number" && this.hello?.limits) {
      this.hello.limits.freeBytes = message.freeBytes;
    }
    const take = this.#current;
    const about = message.sessionId;
    if (!take || (about !== undefined && about !== take.sessionId)) return;
    take.sender.received(message, performance.now());
    take.acknowledgedMore(performance.now());
    if (take.sender.state === "saved") {
      void take.store.clear();
      this.#onChange(take, null);
    } else if (take.sender.state === "failed") {
      this.#gaveUp(take);
    } else {
      this.#onChange(null, null);
    }
    this.pump();
  }

  /** @param {Take} take */
  #gaveUp(take) {
    // The server may still hold the session open on this connection; the next take begins on a clean one.
    this.#onChange(null, take);
    this.#freshConnection();
  }

  #freshConnection() {
    this.#current = null;
    if (this.link.state === "open") this.link.start();
  }
}
