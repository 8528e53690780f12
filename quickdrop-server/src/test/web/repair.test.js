import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { encodeChunk } from "../../main/resources/web/shared/chunk.js";
import { receiptOf } from "../../main/resources/web/shared/receipt.js";
import { hashBlocks } from "../../main/resources/web/shared/source-hash.js";
import { ranges, Sending, texts } from "./fixtures.js";

const MIB = 1024 * 1024;
const KIB64 = 65_536;

/** A sender that has sent `bytes`, all acknowledged, and said `end`. */
function ending(bytes) {
  const s = new Sending(() => true);
  s.open();
  s.sender.add(bytes);
  s.sender.end("sum");
  for (let at = 0; at < bytes; at += 2 * MIB) {
    s.drain();
    s.progress(Math.min(bytes, at + 2 * MIB));
  }
  s.drain();
  assert.equal(s.sender.state, "ending");
  return s;
}

function blocks(offset, bytes, blockBytes, hashes) {
  return { type: "blocks", reason: "integrity_mismatch", offset, bytes, blockBytes, hashes };
}

test("end says whether this phone can mend", () => {
  for (const can of [true, false]) {
    const s = new Sending(() => can);
    s.open();
    s.sender.end("sum");
    assert.equal(s.drain()[0].message.canRepair, can ? true : undefined);
  }
});

test("what differs is sent again as chunks that mend, and end is said anew", () => {
  const s = ending(3 * KIB64 - 10);
  s.hear(blocks(0, 3 * KIB64 - 10, KIB64, ["a", "b", "c"]));
  assert.equal(s.sender.state, "repairing");
  assert.deepEqual(s.drain(), [{ kind: "hash", offset: 0, bytes: 3 * KIB64 - 10, blockBytes: KIB64 }]);
  assert.deepEqual(s.drain(), [], "not before it is hashed");
  s.sender.hashed(["a", "B", "C"]);
  const out = s.drain();
  assert.deepEqual(ranges(out), [[KIB64, 2 * KIB64], [2 * KIB64, 3 * KIB64 - 10]]);
  assert.ok(out.filter((o) => o.kind === "chunk").every((o) => o.repair));
  assert.deepEqual(texts(out), ["end"]);
  s.saved(3 * KIB64 - 10, "sum");
  assert.equal(s.sender.state, "saved");
});

test("long blocks are looked at more closely before they are sent", () => {
  const s = ending(16 * MIB);
  s.hear(blocks(0, 16 * MIB, 8 * MIB, ["a", "b"]));
  s.drain();
  s.sender.hashed(["a", "x"]);
  const [ask] = s.drain();
  assert.deepEqual(ask.message, { type: "compare", sessionId: "take-1", offset: 8 * MIB, bytes: 8 * MIB });
  s.wait(20_000);
  assert.deepEqual(texts(s.drain()), ["compare"], "asked again where no answer comes");
  s.hear(blocks(8 * MIB, 8 * MIB, 4 * MIB, ["c", "d"]));
  assert.deepEqual(s.drain(), [{ kind: "hash", offset: 8 * MIB, bytes: 8 * MIB, blockBytes: 4 * MIB }]);
  s.sender.hashed(["c", "y"]);
  const out = ranges(s.drain());
  assert.deepEqual([out[0][0], out.at(-1)[1]], [12 * MIB, 16 * MIB]);
});

test("where nothing differs, the checksum of the whole is taken again", () => {
  const s = ending(100);
  s.hear(blocks(0, 100, KIB64, ["a"]));
  s.drain();
  s.sender.hashed(["a"]);
  assert.deepEqual(s.drain(), [{ kind: "hash", offset: 0, bytes: 100, blockBytes: 100 }]);
  s.sender.hashed(["right"]);
  assert.equal(s.drain()[0].message.sha256, "right");
  s.saved(100, "right");
  assert.equal(s.sender.state, "saved");
  assert.equal(s.sender.sha256, "right");
});

test("a cut in the midst of mending ends the round, and end finds out again what differs", () => {
  const s = ending(100);
  s.hear(blocks(0, 100, KIB64, ["a"]));
  s.drain();
  s.sender.disconnected();
  s.sender.hashed(["x"]);
  s.sender.connected();
  assert.deepEqual(texts(s.drain()), ["resume"]);
  s.started(100);
  assert.deepEqual(texts(s.drain()), ["end"]);
  s.hear(blocks(0, 100, KIB64, ["a"]));
  assert.equal(s.drain()[0].kind, "hash");
});

test("while the laptop reads its disk, its signs of life keep the page patient", () => {
  const s = ending(100);
  for (let i = 0; i < 20; i++) {
    s.wait(4_000);
    s.progress(100);
  }
  assert.deepEqual(s.drain(), []);
  s.wait(20_000);
  assert.deepEqual(texts(s.drain()), ["end"]);
});

test("after five rounds it is the end, and a person's retry begins anew", () => {
  const s = ending(100);
  for (let round = 1; round <= 5; round++) {
    s.hear(blocks(0, 100, KIB64, ["a"]));
    s.drain();
    s.sender.hashed(["x"]);
    assert.deepEqual(texts(s.drain()), ["end"], `round ${round}`);
  }
  s.hear(blocks(0, 100, KIB64, ["a"]));
  assert.equal(s.sender.failure.reason, "integrity_mismatch");
  s.sender.retry();
  s.drain();
  s.started(100);
  s.drain();
  s.hear(blocks(0, 100, KIB64, ["a"]));
  assert.equal(s.sender.state, "repairing");
});

test("rounds that a cut ended do not count", () => {
  const s = ending(100);
  for (let cut = 1; cut <= 20; cut++) {
    s.hear(blocks(0, 100, KIB64, ["a"]));
    s.drain();
    s.sender.hashed(["x"]);
    s.drain();
    s.sender.disconnected();
    s.sender.connected();
    s.drain();
    s.started(100);
    assert.deepEqual(texts(s.drain()), ["end"], `cut ${cut}`);
  }
});

test("blocks that are none of this recording end it instead of being read", () => {
  for (const bad of [blocks(0, 101, KIB64, ["a"]), blocks(0, 100, 0, []), blocks(0, 100, KIB64, ["a", "b"]), blocks(-1, 100, 9, [])]) {
    const s = ending(100);
    s.hear(bad);
    assert.equal(s.sender.state, "failed");
  }
});

test("blocks that nobody waits for change nothing", () => {
  const s = new Sending(() => true);
  s.open();
  s.sender.add(100);
  s.hear(blocks(0, 100, KIB64, ["a"]));
  assert.equal(s.sender.state, "sending");
});

test("a chunk that mends says so in its header", () => {
  const plain = encodeChunk(7, Uint8Array.of(1, 2));
  const mends = encodeChunk(7, Uint8Array.of(1, 2), true);
  assert.equal(plain[1], 0);
  assert.equal(mends[1], 1);
  assert.deepEqual(mends.subarray(2), plain.subarray(2));
});

test("blocks of any length are hashed as the platform hashes them, until nobody wants them", async () => {
  const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => (i * 31) & 255);
  const read = async (offset, length) => bytes.subarray(offset, offset + length);
  const part = { offset: 1_000, bytes: 699_000, blockBytes: 300_000 };
  const sha = (from, to) => createHash("sha256").update(bytes.subarray(from, to)).digest("hex");
  assert.deepEqual(await hashBlocks(read, part, () => true), [
    sha(1_000, 301_000), sha(301_000, 601_000), sha(601_000, 700_000),
  ]);
  assert.equal(await hashBlocks(read, part, () => false), null);
  assert.deepEqual(await hashBlocks(read, { offset: 5, bytes: 0, blockBytes: 1 }, () => true), []);
});

test("the receipt is the one that Java computes", () => {
  assert.equal(receiptOf("00443214c74255f0" + "f".repeat(48)), "0123-4567-89AZ");
  assert.equal(receiptOf("0".repeat(64)), "0000-0000-0000");
  assert.equal(receiptOf("000000000000001" + "0".repeat(49)), "0000-0000-0001");
});
