import assert from "node:assert/strict";
import { test } from "node:test";

/** As a worker sees the world: no document, and a WebSocket that the test plays. */
class Socket {
  static OPEN = 1;
  static all = [];
  readyState = Socket.OPEN;
  sent = [];

  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
    Socket.all.push(this);
  }

  send(data) {
    this.sent.push(data);
  }

  close() {
    this.readyState = 3;
  }

  hear(data) {
    this.onmessage({ data });
  }
}
globalThis.WebSocket = Socket;
globalThis.addEventListener = () => {};
const { Link } = await import("../../main/resources/web/shared/link.js");

function connect(token = null) {
  const heard = [];
  const link = new Link("wss://laptop/ws", () => token, {
    onOpen: () => heard.push("open"),
    onLost: () => heard.push("lost"),
    onMessage: (message) => heard.push(message.type),
    onBinary: (bytes) => heard.push(bytes),
    onState: () => heard.push(`state ${link?.state}`),
  });
  link.start();
  return { link, heard, socket: Socket.all[Socket.all.length - 1] };
}

test("a link in a worker carries binary messages whole, as they came", () => {
  const { link, heard, socket } = connect();
  assert.equal(socket.binaryType, "arraybuffer");
  socket.hear('{"type":"hello"}');
  const frame = new Uint8Array([2, 1, 6]).buffer;
  socket.hear(frame);
  socket.hear('{"type":"stream_started"}');
  assert.deepEqual(heard.filter((what) => !String(what).startsWith("state")), ["open", frame, "stream_started"]);
  link.stop();
});

test("the token goes into the list of subprotocols, never into the address", () => {
  const { link, socket } = connect("abc");
  assert.deepEqual([socket.url, socket.protocols], ["wss://laptop/ws", ["quickdrop.v2", "quickdrop.token.abc"]]);
  link.stop();
});

test("woken by its page, a link that waits connects at once", () => {
  const { link, heard, socket } = connect();
  socket.hear('{"type":"hello"}');
  socket.onclose({ code: 1006 });
  assert.equal(link.state, "waiting");
  assert.ok(heard.includes("lost"));
  const before = Socket.all.length;
  link.wake();
  assert.deepEqual([link.state, Socket.all.length], ["connecting", before + 1]);
  link.stop();
});
