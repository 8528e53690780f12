import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { MemoryByteStore } from "../../main/resources/web/shared/byte-store.js";
import { encodeChunk, MAX_PAYLOAD_BYTES } from "../../main/resources/web/shared/chunk.js";
import { crc32c } from "../../main/resources/web/shared/crc32c.js";
import { Sha256 } from "../../main/resources/web/shared/sha256.js";

const hex = (bytes) => Buffer.from(bytes).toString("hex");

test("the checksum is that of RFC 3720 appendix B.4", () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c);
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

test("a chunk is its header in big-endian numbers and its payload", () => {
  const frame = encodeChunk(0x1_0000_0002, new TextEncoder().encode("123456789"));
  assert.equal(hex(frame), "01000000" + "e3069283" + "0000000100000002" + hex(Buffer.from("123456789")));
});

test("a chunk that is empty, too long or nowhere is our own mistake", () => {
  assert.throws(() => encodeChunk(0, new Uint8Array(0)), /found 0 bytes/);
  assert.throws(() => encodeChunk(0, new Uint8Array(MAX_PAYLOAD_BYTES + 1)), /found 65537 bytes/);
  assert.throws(() => encodeChunk(-1, new Uint8Array(1)), /found -1/);
});

test("SHA-256 in pieces of any size equals the platform's", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 128, 1000, 100_003]) {
    const bytes = randomBytes(length);
    const hash = new Sha256();
    for (let at = 0, step = 1; at < length; at += step, step = (step * 7 + 3) % 211 || 1) {
      hash.update(bytes.subarray(at, Math.min(length, at + step)));
    }
    assert.equal(hash.hex(), createHash("sha256").update(bytes).digest("hex"), `length ${length}`);
  }
});

test("the store gives back the bytes across pieces and forgets only what is safe", () => {
  const all = randomBytes(1000);
  const store = new MemoryByteStore(0);
  for (let at = 0; at < 1000; at += 90) store.append(new Uint8Array(all.subarray(at, Math.min(1000, at + 90))));
  assert.deepEqual(Buffer.from(store.slice(0, 1000)), all);
  assert.deepEqual(Buffer.from(store.slice(89, 200)), all.subarray(89, 289));
  store.forget(185);
  assert.equal(store.start, 180, "a piece goes as a whole or not at all");
  assert.equal(store.heldBytes, 820);
  assert.deepEqual(Buffer.from(store.slice(185, 815)), all.subarray(185));
  assert.throws(() => store.slice(179, 2), /held are 180 to 1000/);
  assert.throws(() => store.slice(999, 2), /held are 180 to 1000/);
});

test("a short take stays whole in memory although it is safe, so that it can be rescued", () => {
  const store = new MemoryByteStore(100);
  store.append(new Uint8Array(60));
  store.forget(60);
  assert.equal(store.start, 0);
  store.append(new Uint8Array(60));
  store.forget(120);
  assert.equal(store.start, 60, "above the allowance the oldest goes");
  store.clear();
  assert.equal(store.heldBytes, 0);
});
