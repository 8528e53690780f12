import assert from "node:assert/strict";
import { test } from "node:test";
import { DecodePool } from "../../main/resources/web/watch/decode-pool.js";
import { Decoder } from "../../main/resources/web/watch/decoder.js";
import { PictureQueue } from "../../main/resources/web/watch/picture-queue.js";
import { frameOf, Picture } from "./watch-fixtures.js";

/** The browser's decoder: each call waits until the test settles it. */
const asked = [];
globalThis.createImageBitmap = async (blob) => {
  const id = new Uint8Array(await blob.arrayBuffer())[0];
  return new Promise((resolve, reject) => asked.push({ id, mime: blob.type, resolve: () => resolve(new Picture(id)), reject }));
};

const decoder = new Decoder(false);

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const row = (count, from) => Array.from({ length: count }, (_, i) => [128 * i, 0, from + i]);

test("16 pictures at a time are decoded, and streams take turns", async () => {
  asked.length = 0;
  const long = { queue: new PictureQueue() };
  const short = { queue: new PictureQueue() };
  const pool = new DecodePool(decoder, () => {});
  long.queue.add(frameOf(1, row(40, 0)), 0);
  short.queue.add(frameOf(1, row(2, 100)), 0);
  pool.feed(long);
  await settled();
  assert.equal(asked.length, 16);
  pool.feed(short);
  asked[0].resolve();
  asked[1].resolve();
  await settled();
  assert.equal(asked.length, 18);
  assert.ok(asked.slice(16).some((call) => call.id === 100), "the short stream does not wait for the long one");
});

test("a picture that can't be decoded is told, and the next ones go on", async () => {
  asked.length = 0;
  const problems = [];
  const stream = { queue: new PictureQueue() };
  const pool = new DecodePool(decoder, (_, problem) => problems.push(problem));
  stream.queue.add(frameOf(1, row(2, 0)), 0);
  pool.feed(stream);
  await settled();
  asked[0].reject(new Error("damaged"));
  asked[1].resolve();
  await settled();
  assert.deepEqual(problems.filter(Boolean).map(String), ["Error: damaged"]);
  assert.equal(stream.queue.paintable().length, 1);
});

test("a picture whose stream began anew meanwhile is closed", async () => {
  asked.length = 0;
  const made = [];
  const stream = { queue: new PictureQueue() };
  const pool = new DecodePool(decoder, () => {});
  stream.queue.add(frameOf(1, row(1, 5)), 0);
  pool.feed(stream);
  await settled();
  stream.queue.clear();
  const resolve = asked[0].resolve;
  const close = Picture.prototype.close;
  Picture.prototype.close = function () {
    made.push(this.id);
    close.call(this);
  };
  resolve();
  await settled();
  Picture.prototype.close = close;
  assert.deepEqual(made, [5]);
});

test("tiles take the fast way, whole pictures never, and after a stalled paint nothing does for 3 s", () => {
  const both = new Decoder(true);
  const tile = 128 * 128;
  assert.deepEqual([both.usesFrames(tile, 0), both.usesFrames(1920 * 1080, 0)], [true, false]);
  both.painted(50, 1_000);
  assert.equal(both.usesFrames(tile, 1_000), true);
  both.painted(51, 1_000);
  assert.deepEqual([both.usesFrames(tile, 3_999), both.usesFrames(tile, 4_000)], [false, true]);
  assert.equal(decoder.usesFrames(tile, 0), false);
});
