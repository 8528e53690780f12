/** What the phone page promises of its own disk: kept before it is sent, and until the laptop has saved it. */
import assert from "node:assert/strict";
import { test } from "node:test";

class Socket {
  static OPEN = 1;
  static CONNECTING = 0;
  /** @type {Socket} */
  static last;
  readyState = Socket.OPEN;
  bufferedAmount = 0;
  texts = [];
  chunks = [];

  constructor() {
    Socket.last = this;
  }

  send(data) {
    if (typeof data === "string") this.texts.push(JSON.parse(data));
    else this.chunks.push(data);
  }

  close() {
    this.readyState = 3;
  }

  hear(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}
globalThis.WebSocket = Socket;
globalThis.addEventListener = () => {};
const { Take } = await import("../../main/resources/web/phone/take.js");
const { Uploader } = await import("../../main/resources/web/phone/uploader.js");
const { JournalledByteStore } = await import("../../main/resources/web/shared/journal/journalled-byte-store.js");

/** A disk whose writes complete when the test says so. */
class SlowDisk {
  bytes = 0;
  removed = false;
  /** @type {(() => void)[]} */
  #waiting = [];

  async append(_id, bytes) {
    await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    this.bytes += bytes.length;
  }

  async describe() {}

  async remove() {
    this.removed = true;
  }

  complete() {
    this.#waiting.shift()?.();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Waits for a fact, for as long as a busy machine may take. */
async function until(fact) {
  for (let tries = 0; !fact() && tries < 500; tries++) await settle();
  assert.ok(fact(), `never: ${fact}`);
}

/** A page with a connection and one take on a slow disk. */
async function recording(t) {
  const disk = new SlowDisk();
  const journal = { begin: (id) => new JournalledByteStore(disk, id, 0, Promise.resolve()) };
  const take = new Take({ takeId: "take-1", index: 0, gapMs: 0 }, journal);
  const uploader = new Uploader("wss://laptop/ws", () => null, () => {});
  t.after(() => {
    uploader.link.stop();
    uploader.pump(); // takes its timer back
  });
  take.onKept = () => uploader.pump();
  uploader.add(take);
  uploader.link.start();
  const socket = Socket.last;
  socket.hear({ type: "hello", protocol: 2, limits: {} });
  take.append(Uint8Array.of(1, 2, 3));
  await settle();
  const sessionId = take.sessionId;
  const start = async () => {
    disk.complete();
    await until(() => socket.texts.some((message) => message.type === "start"));
    socket.hear({ type: "started", sessionId, fileName: "a.webm", resumed: false, bytes: 0 });
  };
  return { disk, take, socket, start };
}

test("nothing is sent that this phone has not kept", async (t) => {
  const { disk, take, socket, start } = await recording(t);
  const opening = socket.texts.filter((message) => message.type === "start");
  assert.deepEqual([opening.length, socket.chunks.length], [0, 0], "sent before it was kept");
  await start();
  await until(() => disk.bytes === 3 && socket.chunks.length === 1);
  socket.hear({ type: "progress", sessionId: take.sessionId, bytes: 3, chunks: 1 });
});

test("what is acknowledged stays on this phone until the laptop says saved", async (t) => {
  const { disk, take, socket, start } = await recording(t);
  await start();
  await take.finish();
  await until(() => socket.texts.some((message) => message.type === "end"));
  const { sessionId, sha256 } = take;
  socket.hear({ type: "progress", sessionId, bytes: 3, chunks: 1 });
  await until(() => take.sender.acknowledged === 3);
  await settle();
  assert.equal(disk.removed, false, "removed although the laptop has not saved it");
  socket.hear({ type: "saved", sessionId, fileName: "a.webm", bytes: 3, chunks: 1, expectedBytes: 3, sha256 });
  await until(() => disk.removed);
  assert.equal(take.sender.state, "saved");
});
