/**
 * The link over plain HTTPS requests, where the network lets no WebSocket through: what the sender's machine says goes out
 * as requests, and their answers come back as the messages that it knows (docs/http-api.md, uploads). One request at a time;
 * to whoever uses it this is a `Link`.
 */
import { base64, bytesOfHex, joined } from "./bytes.js";
import { crc32c } from "./crc32c.js";
import { HEADER_BYTES } from "./chunk.js";
import { problemAsMessage } from "./put-answers.js";
import { Reconnector } from "./reconnector.js";

/** @typedef {import("./upload-sender.js").WireMessage} WireMessage */
/** @typedef {{offset: number, bytes: Uint8Array}} Chunk */

const UPLOADS = "/api/uploads";
const LEAST_PART_BYTES = 64 * 1024;
/** What the server takes at once together with a checksum. */
const MOST_PART_BYTES = 1024 * 1024;
/** Parts that take less time grow, those that take more shrink: an answer is the only sign of life here. */
const QUICK_MS = 700;
const SLOW_MS = 3_000;
/** Longer than this and the connection is given up; more than the link's own silence, which counts from the last answer. */
const REQUEST_TIMEOUT_MS = 30_000;

export class PutLink {
  everOpened = false;
  /** Bytes handed over and not yet answered. */
  bufferedBytes = 0;

  #token;
  #events;
  #fetch;
  #reconnector = new Reconnector(Math.random);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #announced = "";
  /** Ends the requests of the present connection. @type {AbortController | null} */
  #connection = null;
  /** @type {(WireMessage | Chunk)[]} */
  #queue = [];
  #working = false;
  #partBytes = LEAST_PART_BYTES;
  #session = "";

  /**
   * @param {() => string | null} token asked at every request
   * @param {import("./link.js").LinkEvents} events
   * @param {typeof fetch} [fetching]
   */
  constructor(token, events, fetching = (...request) => fetch(...request)) {
    this.#token = token;
    this.#events = events;
    this.#fetch = fetching;
  }

  get state() {
    return this.#reconnector.state;
  }

  get refusal() {
    return this.#reconnector.refusal;
  }

  get failures() {
    return this.#reconnector.failures;
  }

  get retryInMs() {
    return this.state === "waiting" ? Math.max(0, this.#reconnector.retryAtMs - performance.now()) : 0;
  }

  start() {
    this.#obey(this.#reconnector.start(performance.now()));
  }

  stop() {
    this.#obey(this.#reconnector.stop());
  }

  wake() {
    this.#obey(this.#reconnector.wake(performance.now()));
  }

  /** @param {WireMessage | Uint8Array<ArrayBuffer>} message ignored unless open */
  send(message) {
    if (this.state !== "open") return;
    if (message instanceof Uint8Array) {
      const offset = Number(new DataView(message.buffer, message.byteOffset).getBigUint64(8));
      this.#queue.push({ offset, bytes: message.subarray(HEADER_BYTES) });
      this.bufferedBytes += message.length - HEADER_BYTES;
    } else {
      // What was sent before asking where to go on is not wanted any more.
      if (message.type === "start" || message.type === "resume") this.#forgetQueued();
      this.#queue.push(message);
    }
    void this.#work();
  }

  async #work() {
    const connection = this.#connection;
    if (this.#working || !connection) return;
    this.#working = true;
    try {
      while (this.#queue.length > 0 && connection === this.#connection) await this.#sendNext(connection);
    } catch (error) {
      if (connection !== this.#connection) return;
      console.info("a request to the laptop failed", error);
      this.#obey(this.#reconnector.closed(performance.now(), 1006));
    } finally {
      this.#working = false;
      if (this.#queue.length > 0 && this.#connection) void this.#work();
    }
  }

  /** @param {AbortController} connection */
  async #sendNext(connection) {
    const first = /** @type {WireMessage | Chunk} */ (this.#queue[0]);
    if ("bytes" in first) return this.#sendPart(connection);
    this.#queue.shift();
    if (first.type === "start" || first.type === "resume") {
      this.#session = first.sessionId;
      const start = encodeURIComponent(JSON.stringify({ ...first, type: "start" }));
      await this.#ask(connection, "POST", `${UPLOADS}?start=${start}`, { "Upload-Complete": "?0" });
    } else if (first.type === "end") {
      const headers = {
        "Content-Type": "application/partial-upload",
        "Upload-Offset": String(first.totalBytes),
        "Upload-Complete": "?1",
        ...(first.sha256 ? { "Repr-Digest": `sha-256=:${base64(bytesOfHex(first.sha256))}:` } : {}),
      };
      await this.#ask(connection, "PATCH", `${this.#resource}${first.ms === undefined ? "" : `?ms=${first.ms}`}`, headers);
    } else if (first.type === "ping") {
      await this.#ask(connection, "OPTIONS", UPLOADS, {});
    } else if (first.type === "abort") {
      await this.#ask(connection, "DELETE", `${UPLOADS}/${encodeURIComponent(first.sessionId)}`, {});
    }
  }

  /** As many chunks as make one part. @param {AbortController} connection */
  async #sendPart(connection) {
    /** @type {Uint8Array[]} */
    const pieces = [];
    const from = /** @type {Chunk} */ (this.#queue[0]).offset;
    let length = 0;
    for (let next = this.#queue[0]; next && "bytes" in next && next.offset === from + length; next = this.#queue[0]) {
      if (length > 0 && length + next.bytes.length > this.#partBytes) break;
      pieces.push(next.bytes);
      length += next.bytes.length;
      this.#queue.shift();
    }
    const part = joined(pieces);
    const digest = new Uint8Array(4);
    new DataView(digest.buffer).setUint32(0, crc32c(part));
    const sinceMs = performance.now();
    try {
      const headers = {
        "Content-Type": "application/partial-upload",
        "Content-Digest": `crc32c=:${base64(digest)}:`,
        "Upload-Offset": String(from),
        "Upload-Complete": "?0",
      };
      await this.#ask(connection, "PATCH", this.#resource, headers, part);
    } finally {
      this.bufferedBytes = Math.max(0, this.bufferedBytes - length);
    }
    const tookMs = performance.now() - sinceMs;
    if (tookMs < QUICK_MS) this.#partBytes = Math.min(MOST_PART_BYTES, this.#partBytes * 2);
    else if (tookMs > SLOW_MS) this.#partBytes = Math.max(LEAST_PART_BYTES, this.#partBytes / 2);
  }

  get #resource() {
    return `${UPLOADS}/${encodeURIComponent(this.#session)}`;
  }

  /**
   * @param {AbortController} connection
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} headers
   * @param {Uint8Array<ArrayBuffer>} [body]
   */
  async #ask(connection, method, path, headers, body) {
    const token = this.#token();
    const slow = setTimeout(() => connection.abort(new DOMException("no answer", "TimeoutError")), REQUEST_TIMEOUT_MS);
    let response;
    try {
      response = await this.#fetch(path, {
        method,
        headers: { ...headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body,
        cache: "no-store",
        signal: connection.signal,
      });
      const json = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
      if (connection !== this.#connection) return;
      this.#answered(response, json);
    } finally {
      clearTimeout(slow);
    }
  }

  /**
   * @param {Response} response
   * @param {any} json
   */
  #answered(response, json) {
    this.#reconnector.heard(performance.now());
    const offset = Number(response.headers.get("Upload-Offset") ?? NaN);
    if (response.ok) {
      if (json?.type) this.#tell(json);
      else if (Number.isSafeInteger(offset)) this.#tell({ type: "progress", sessionId: this.#session, bytes: offset });
      return;
    }
    this.#forgetQueued(); // behind what was refused nothing fits
    const problem = problemAsMessage(response.status, json, this.#session);
    if (problem.kind === "message") this.#tell(problem.message);
    else this.#obey(this.#reconnector.closed(performance.now(), problem.code));
  }

  /** @param {WireMessage} message */
  #tell(message) {
    this.#events.onMessage(message);
  }

  /** @param {import("./reconnector.js").Order[]} orders */
  #obey(orders) {
    for (const order of orders) {
      if (order === "connect") void this.#connect();
      else if (order === "drop") this.#drop();
      else if (!this.#working) this.send({ type: "ping" });
      else this.#reconnector.heard(performance.now()); // a request is under way, with a time limit of its own
    }
    clearTimeout(this.#timer);
    const inMs = this.#reconnector.deadlineMs - performance.now();
    if (inMs < Infinity) {
      this.#timer = setTimeout(() => this.#obey(this.#reconnector.tick(performance.now())), Math.max(0, inMs) + 1);
    }
    if (this.state !== this.#announced) {
      this.#announced = this.state;
      this.#events.onState();
    }
  }

  async #connect() {
    const connection = new AbortController();
    this.#connection = connection;
    await this.#knock(connection);
    if (connection !== this.#connection || this.state !== "open") return;
    this.everOpened = true;
    this.#events.onOpen({ type: "hello", protocol: 2 });
    this.#obey([]);
  }

  /** Whether the laptop is there and knows us. @param {AbortController} connection */
  async #knock(connection) {
    const nowMs = () => performance.now();
    let status = 0;
    try {
      const token = this.#token();
      const headers = /** @type {Record<string, string>} */ (token ? { Authorization: `Bearer ${token}` } : {});
      status = (await this.#fetch(UPLOADS, { method: "OPTIONS", headers, cache: "no-store", signal: connection.signal })).status;
    } catch (error) {
      console.info("the laptop does not answer over HTTPS", error);
    }
    if (connection !== this.#connection) return;
    if (status >= 200 && status < 300) {
      this.#reconnector.opened(nowMs());
      this.#reconnector.heard(nowMs());
    } else {
      const problem = problemAsMessage(status, null, "");
      this.#obey(this.#reconnector.closed(nowMs(), problem.kind === "close" ? problem.code : 1006));
    }
  }

  #drop() {
    const connection = this.#connection;
    this.#connection = null;
    this.#queue = [];
    this.bufferedBytes = 0;
    if (!connection) return;
    connection.abort();
    this.#events.onLost();
  }

  /** The machine says it again where it still wants it. */
  #forgetQueued() {
    this.#queue = this.#queue.filter((item) => "type" in item && item.type === "abort");
    this.bufferedBytes = 0;
  }
}
