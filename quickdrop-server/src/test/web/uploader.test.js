import assert from "node:assert/strict";
import { test } from "node:test";
import { dice } from "./fixtures.js";

/** As the page sees it: a socket that the test plays, and a store that answers when it likes. */
class Socket {
  static OPEN = 1;
  static last = null;
  readyState = Socket.OPEN;
  bufferedAmount = 0;
  sent = [];

  constructor() {
    Socket.last = this;
  }

  send(data) {
    this.sent.push(data);
  }

  close() {
    this.readyState = 3;
  }

  hear(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  /** The offsets and lengths of the chunks that went out, in their order. */
  get chunks() {
    return this.sent
      .filter((data) => data instanceof Uint8Array)
      .map((frame) => [Number(new DataView(frame.buffer).getBigUint64(8)), frame.length - 16]);
  }

  /** The types of the texts that went out, but for signs of life. */
  get texts() {
    return this.sent
      .filter((data) => typeof data === "string")
      .map((text) => JSON.parse(text).type)
      .filter((type) => type !== "ping");
  }
}
globalThis.WebSocket = Socket;
/** The page's own timers don't keep the test alive: some wait for 20 s. */
const setRealTimeout = globalThis.setTimeout;
globalThis.setTimeout = /** @type {any} */ ((run, ms) => {
  const timer = setRealTimeout(run, ms);
  timer.unref();
  return timer;
});
globalThis.addEventListener = () => {};
const { Uploader } = await import("../../main/resources/web/phone/uploader.js");
const { UploadSender } = await import("../../main/resources/web/shared/upload-sender.js");

const CHUNK = 65_536;

/** Its reads are answered by hand, or after a random while. */
class SlowStore {
  reads = [];
  /** @type {(() => number) | null} */
  random = null;
  cleared = 0;
  refuses = false;

  read(offset, length) {
    if (this.refuses) return Promise.reject(new DOMException("gone", "NotFoundError"));
    const bytes = new Uint8Array(length).fill((offset / CHUNK) % 251);
    return new Promise((resolve) => {
      const answer = () => resolve(bytes);
      if (this.random) setRealTimeout(answer, this.random() * 4);
      else this.reads.push(answer);
    });
  }

  async clear() {
    this.cleared++;
  }
}

function take(bytes, end = true) {
  const sender = new UploadSender("take-1", () => ({ mime: "video/webm", ext: "webm", ts: 1 }));
  sender.add(bytes);
  if (end) sender.end("ab");
  return { sessionId: "take-1", sender, store: new SlowStore(), part: { takeId: "take-1", index: 0, gapMs: 0 }, acknowledgedMore() {} };
}

const tell = (socket, message) => socket.hear({ sessionId: "take-1", ...message });
const settle = () => new Promise((resolve) => setRealTimeout(resolve, 2));
const until = async (fact) => {
  for (let i = 0; !fact(); i++) {
    assert.ok(i < 2_000, "never came true");
    await settle();
  }
};

async function begin(one, t) {
  const uploader = new Uploader("wss://laptop/ws", () => null, () => {});
  t.after(() => uploader.link.stop());
  uploader.link.start();
  const socket = Socket.last;
  uploader.add(one);
  socket.hear({ type: "hello" });
  await settle();
  assert.deepEqual(socket.texts, ["start"]);
  tell(socket, { type: "started", bytes: 0, fileName: "a", resumed: false });
  await settle();
  return { uploader, socket };
}

test("chunks go out once each and in order, however the disk answers and however often the pump is asked", async (t) => {
  const one = take(20 * CHUNK + 5);
  one.store.random = dice(7);
  const { uploader, socket } = await begin(one, t);
  const asking = setInterval(() => {
    uploader.pump();
    uploader.pump();
  }, 1);
  await until(() => socket.texts.includes("end"));
  clearInterval(asking);
  assert.deepEqual(socket.chunks, [...Array(20).keys()].map((i) => [i * CHUNK, CHUNK]).concat([[20 * CHUNK, 5]]));
  assert.equal(socket.sent.at(-1).includes?.('"end"'), true, "the end is behind the last byte");
});

test("bytes that were read while the laptop asked for others do not go out", async (t) => {
  const one = take(3 * CHUNK);
  const { uploader, socket } = await begin(one, t);
  one.store.reads.shift()();
  await settle();
  assert.deepEqual(socket.chunks, [[0, CHUNK]]);
  tell(socket, { type: "error", reason: "offset_mismatch", expectedOffset: 0 });
  one.store.reads.shift()(); // the second chunk, which is behind a gap now
  await settle();
  assert.deepEqual(socket.chunks, [[0, CHUNK]]);
  one.store.random = () => 0;
  one.store.reads.shift()();
  await until(() => socket.texts.includes("end"));
  assert.deepEqual(socket.chunks.map(([offset]) => offset / CHUNK), [0, 0, 1, 2]);
});

test("bytes that were read for a connection that is gone do not go out on the next", async (t) => {
  const one = take(2 * CHUNK);
  const { uploader, socket } = await begin(one, t);
  uploader.link.start();
  const next = Socket.last;
  assert.notEqual(next, socket);
  next.hear({ type: "hello" });
  one.store.reads.shift()();
  await until(() => next.texts.includes("resume"));
  assert.deepEqual([socket.chunks, next.chunks], [[], []]);
  tell(next, { type: "started", bytes: CHUNK, fileName: "a", resumed: true });
  one.store.random = () => 0;
  await until(() => one.store.reads.length > 0 || next.chunks.length > 0);
  one.store.reads.shift()?.();
  await until(() => next.texts.includes("end"));
  assert.deepEqual(next.chunks, [[CHUNK, CHUNK]]);
});

test("a take is deleted from this phone only when the laptop has called it saved", async (t) => {
  const one = take(CHUNK);
  one.store.random = () => 0;
  const { uploader, socket } = await begin(one, t);
  await until(() => socket.texts.includes("end"));
  tell(socket, { type: "progress", bytes: CHUNK, chunks: 1 });
  await settle();
  assert.equal(one.store.cleared, 0, "acknowledged is not saved");
  tell(socket, { type: "saved", fileName: "a", bytes: CHUNK, chunks: 1, sha256: "ab", expectedBytes: CHUNK });
  await settle();
  assert.equal(one.store.cleared, 1);
});

test("a take whose bytes the phone lost fails in words, and the next has its turn", async (t) => {
  const one = take(CHUNK);
  one.store.refuses = true;
  const { uploader } = await begin(one, t);
  await until(() => one.sender.state === "failed");
  assert.equal(one.sender.failure.reason, "phone_lost_bytes");
  assert.equal(one.store.cleared, 0, "what is left of it stays until the person discards it");
});
