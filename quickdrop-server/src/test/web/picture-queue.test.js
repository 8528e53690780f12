import assert from "node:assert/strict";
import { test } from "node:test";
import { PictureQueue } from "../../main/resources/web/watch/picture-queue.js";
import { dice } from "./fixtures.js";
import { frameOf, PaintedSurface, Picture } from "./watch-fixtures.js";

/** Decodes everything that waits, in order. */
function decodeAll(queue) {
  const ids = [];
  for (let next = queue.take(); next; next = queue.take()) {
    ids.push(next.bytes[0]);
    assert.ok(queue.decoded(next.piece, new Picture(next.bytes[0])));
  }
  return ids;
}

const numbers = (batches) => batches.map((batch) => batch.frameNumber);

test("a frame is painted in one go, when all its tiles are decoded and its last part is there", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10]], { lastPart: false }), 5);
  decodeAll(queue);
  assert.deepEqual(queue.paintable(), []);
  queue.add(frameOf(1, [[128, 0, 11]]), 8);
  assert.deepEqual(queue.paintable(), []);
  assert.equal(queue.length, 1);
  decodeAll(queue);
  const [batch] = queue.paintable();
  assert.deepEqual([batch.frameNumber, batch.receivedMs, batch.pieces.map((p) => p.picture.id)], [1, 8, [10, 11]]);
  assert.equal(queue.length, 0);
});

test("frames are painted in order, whichever is decoded first", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10]]), 0);
  queue.add(frameOf(2, [[128, 0, 20]]), 0);
  const first = queue.take();
  const second = queue.take();
  queue.decoded(second.piece, new Picture(20));
  assert.deepEqual(queue.paintable(), []);
  queue.decoded(first.piece, new Picture(10));
  assert.deepEqual(numbers(queue.paintable()), [1, 2]);
});

test("a tile that a newer one covers before its decoding began is never decoded", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10], [128, 0, 11]]), 0);
  queue.add(frameOf(2, [[0, 0, 20]]), 0);
  assert.deepEqual(decodeAll(queue), [11, 20]);
  assert.equal(queue.superseded, 1);
  assert.deepEqual(numbers(queue.paintable()), [1, 2]);
});

test("a tile whose decoding began is painted, and the newer one over it", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10]]), 0);
  const begun = queue.take();
  queue.add(frameOf(2, [[0, 0, 20]]), 0);
  queue.decoded(begun.piece, new Picture(10));
  decodeAll(queue);
  const surface = new PaintedSurface();
  surface.paint(queue.paintable());
  assert.deepEqual([...surface.glass.values()], [20]);
});

test("a whole picture supersedes every tile that waits", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10], [128, 0, 11]]), 0);
  queue.add(frameOf(2, [[0, 0, 20]], { tiled: false }), 0);
  assert.deepEqual(decodeAll(queue), [20]);
});

test("a tile that can't be decoded does not hold its frame", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10]]), 0);
  queue.decoded(queue.take().piece, null);
  assert.deepEqual(numbers(queue.paintable()), [1]);
});

test("a last part that never comes does not hold the next frame", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10]], { lastPart: false }), 0);
  queue.add(frameOf(2, [[128, 0, 20]]), 0);
  decodeAll(queue);
  assert.deepEqual(numbers(queue.paintable()), [1, 2]);
});

test("what is cleared comes back to be closed, also what is decoded later", () => {
  const queue = new PictureQueue();
  queue.add(frameOf(1, [[0, 0, 10], [128, 0, 11]]), 0);
  const done = queue.take();
  const begun = queue.take();
  queue.decoded(done.piece, new Picture(10));
  assert.deepEqual(queue.clear().map((picture) => picture.id), [10]);
  assert.equal(queue.decoded(begun.piece, new Picture(11)), false);
  assert.deepEqual([queue.length, queue.take(), queue.paintable().length], [0, null, 0]);
});

test("far more frames or bytes than the server may have on its way are too many", () => {
  const frames = new PictureQueue();
  for (let n = 1; n <= 60; n++) frames.add(frameOf(n, [[0, 0, 1]]), 0);
  assert.equal(frames.overfull, false);
  frames.add(frameOf(61, [[0, 0, 1]]), 0);
  assert.equal(frames.overfull, true);

  const bytes = new PictureQueue();
  const big = (n, size) => frameOf(n, [], { tiles: [{ x: n, y: 0, width: 1, height: 1, bytes: new Uint8Array(size) }] });
  for (let n = 1; n <= 16; n++) bytes.add(big(n, 1024 * 1024), 0);
  assert.equal(bytes.overfull, false);
  bytes.add(big(17, 1), 0);
  assert.equal(bytes.overfull, true);
  decodeAll(bytes);
  assert.equal(bytes.overfull, false);
});

test("whatever the order of decoding, 300 random streams end on the newest tile of each place, and nothing leaks", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = dice(seed);
    const queue = new PictureQueue();
    const surface = new PaintedSurface();
    const expected = new Map();
    const decoding = [];
    const pictures = [];
    const step = () => {
      if (random() < 0.6) {
        const next = queue.take();
        if (next) decoding.push(next);
      }
      if (decoding.length > 0 && random() < 0.7) {
        const [{ piece, bytes }] = decoding.splice(Math.floor(random() * decoding.length), 1);
        const picture = new Picture(bytes[0]);
        pictures.push(picture);
        queue.decoded(piece, picture);
      }
      surface.paint(queue.paintable());
    };
    let id = 0;
    for (let n = 1; n <= 40; n++) {
      const parts = 1 + Math.floor(random() * 3);
      for (let part = 0; part < parts; part++) {
        const x = 128 * Math.floor(random() * 6);
        id = (id + 1) % 256;
        expected.set(`${x},0`, id);
        queue.add(frameOf(n, [[x, 0, id]], { lastPart: part === parts - 1 }), n);
      }
      for (let i = Math.floor(random() * 4); i > 0; i--) step();
    }
    for (let i = 0; i < 2_000 && queue.length > 0; i++) step();
    assert.equal(queue.length, 0, `seed ${seed}`);
    assert.deepEqual(new Map([...surface.glass].sort()), new Map([...expected].sort()), `seed ${seed}`);
    assert.deepEqual(surface.frames, [...surface.frames].sort((a, b) => a - b), `seed ${seed}`);
    assert.ok(pictures.every((picture) => picture.closed === 1), `seed ${seed}: each picture is closed once`);
  }
});
