import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADER_BYTES, parseFrame } from "../../main/resources/web/watch/frame.js";
import { dice } from "./fixtures.js";
import { encodeFrame } from "./watch-fixtures.js";

const A = new Uint8Array([1, 2, 3]);
const B = new Uint8Array([4]);

test("a frame of tiles is read with every field of its header", () => {
  const { frame } = parseFrame(
    encodeFrame({ codec: 3, screen: 2, epoch: 0xfffffffe, frameNumber: 77, quality: 100, desktopHandle: 0x80000001,
      lastPart: false, tiles: [[0, 0, 128, 128, A], [128, 0, 128, 128, B]] }),
  );
  assert.equal(frame.mime, "image/png");
  assert.deepEqual(
    [frame.tiled, frame.lastPart, frame.screen, frame.epoch, frame.frameNumber, frame.quality, frame.desktopHandle],
    [true, false, 2, 0xfffffffe, 77, 100, 0x80000001],
  );
  assert.deepEqual([frame.width, frame.height, frame.rendition], [256, 128, 0]);
  assert.deepEqual(frame.tiles.map((t) => [t.x, t.y, t.width, t.height, [...t.bytes]]), [
    [0, 0, 128, 128, [1, 2, 3]],
    [128, 0, 128, 128, [4]],
  ]);
});

test("a frame without tiles is one picture of the whole screen", () => {
  const { frame } = parseFrame(encodeFrame({ rendition: 2, width: 320, height: 180, picture: A }));
  assert.equal(frame.tiled, false);
  assert.deepEqual(frame.tiles.map((t) => [t.x, t.y, t.width, t.height, [...t.bytes]]), [[0, 0, 320, 180, [1, 2, 3]]]);
});

test("tiles are views of the message, not copies", () => {
  const message = encodeFrame({ tiles: [[0, 0, 128, 128, A]] });
  assert.equal(parseFrame(message).frame.tiles[0].bytes.buffer, message);
});

test("what is not a frame is named and refused", () => {
  const patched = (at, value, fields = { tiles: [[0, 0, 128, 128, A]] }) => {
    const message = encodeFrame(fields);
    new Uint8Array(message)[at] = value;
    return parseFrame(message).problem;
  };
  assert.match(parseFrame(new ArrayBuffer(0)).problem, /found 0 bytes/);
  assert.match(parseFrame(new ArrayBuffer(HEADER_BYTES)).problem, /found 40 bytes/);
  assert.match(patched(0, 1), /found kind 1/);
  assert.match(patched(1, 16), /found codec 16/);
  assert.match(patched(1, 0), /found codec 0/);
  assert.match(patched(35, 0), /found 0 tiles/);
  assert.match(patched(35, 2), /found 1 tiles; announced were 2/);
  assert.match(patched(HEADER_BYTES + 11, 0), /a tile of 0 bytes/);
  assert.match(patched(HEADER_BYTES + 11, 4), /a tile of 4 bytes with 3 left/);
  assert.match(patched(HEADER_BYTES + 11, 2), /1 bytes behind the last tile/);
  assert.match(patched(HEADER_BYTES + 8, 0xff), /with 3 left/); // a length of 4 GiB is not a negative one
  assert.match(patched(HEADER_BYTES, 1), /at 256, 0 on a screen of 256 × 128/);
  assert.match(parseFrame(encodeFrame({ width: 0 })).problem, /found 0 × 128 pixels/);
});

test("10,000 damaged messages never throw, and never point outside themselves", () => {
  const random = dice(7);
  let refused = 0;
  for (let i = 0; i < 10_000; i++) {
    const whole = new Uint8Array(encodeFrame({ tiles: [[0, 0, 128, 128, A], [128, 0, 128, 128, B]] }));
    const bytes = whole.slice(0, 1 + Math.floor(random() * whole.length));
    for (let hits = Math.floor(random() * 4); hits >= 0; hits--) bytes[Math.floor(random() * bytes.length)] = random() * 256;
    const { frame, problem } = parseFrame(bytes.buffer);
    if (problem) refused++;
    for (const tile of frame?.tiles ?? []) {
      assert.ok(tile.bytes.length > 0 && tile.bytes.byteOffset + tile.bytes.length <= bytes.length);
      assert.ok(tile.x + tile.width <= frame.width && tile.y + tile.height <= frame.height);
    }
  }
  assert.ok(refused > 5_000, `${refused} were refused`);
});
