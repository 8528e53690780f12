import assert from "node:assert/strict";
import { test } from "node:test";
import { JournalledByteStore } from "../../main/resources/web/shared/journal/journalled-byte-store.js";

const MIB = 1024 * 1024;

/** A disk whose writes complete when the test says so. */
class FakeDisk {
  bytes = [];
  facts = [];
  removed = false;
  reads = 0;
  /** @type {(() => void)[]} */
  pending = [];
  refuses = false;
  slow = false;

  async append(id, bytes) {
    if (this.refuses) throw new DOMException("full", "QuotaExceededError");
    if (this.slow) await new Promise((resolve) => this.pending.push(resolve));
    for (const byte of bytes) this.bytes.push(byte);
  }

  async read(id, offset, length) {
    this.reads++;
    assert.ok(offset + length <= this.bytes.length, `read ${offset}+${length} of ${this.bytes.length}`);
    return Uint8Array.from(this.bytes.slice(offset, offset + length));
  }

  async describe(id, facts) {
    if (this.refuses) throw new DOMException("full", "QuotaExceededError");
    this.facts.push({ ...facts, after: this.bytes.length });
  }

  async remove() {
    this.removed = true;
  }
}

const store = (disk, ready = Promise.resolve()) => new JournalledByteStore(disk, "take-1", 0, ready);
const settle = () => new Promise((resolve) => setTimeout(resolve, 1));

test("append is fulfilled only when the disk has the bytes, in order", async () => {
  const disk = new FakeDisk();
  disk.slow = true;
  const s = store(disk);
  const kept = [];
  void s.append(Uint8Array.of(1, 2)).then(() => kept.push("first"));
  void s.append(Uint8Array.of(3)).then(() => kept.push("second"));
  await settle();
  assert.deepEqual(kept, []);
  assert.equal(s.memoryOnlyBytes, 3);
  disk.pending.shift()();
  await settle();
  assert.deepEqual(kept, ["first"]);
  disk.pending.shift()();
  await settle();
  assert.deepEqual(kept, ["first", "second"]);
  assert.equal(s.memoryOnlyBytes, 0);
  assert.deepEqual([...(await s.read(1, 2))], [2, 3]);
});

test("memory stays bounded, and what it let go is read back from the disk in large pieces", async () => {
  const disk = new FakeDisk();
  const s = store(disk);
  for (let i = 0; i < 24; i++) await s.append(new Uint8Array(MIB / 2).fill(i));
  assert.ok(s.heldBytes <= 8 * MIB, `${s.heldBytes} bytes in memory`);
  assert.ok(s.whole);
  for (let at = 0; at < 12 * MIB; at += 64 * 1024) {
    const bytes = await s.read(at, 64 * 1024);
    assert.equal(bytes.length, 64 * 1024);
    assert.equal(bytes[0], Math.floor(at / (MIB / 2)));
  }
  assert.ok(disk.reads <= 5, `${disk.reads} reads of the disk`);
  assert.ok(s.heldBytes <= 9 * MIB, `${s.heldBytes} bytes in memory`);
  const boundary = await s.read(4 * MIB - 3, 6);
  assert.deepEqual([...boundary], [7, 7, 7, 8, 8, 8], "half from the disk, half from memory");
});

test("a disk that refuses costs nothing: the take goes on in memory, and says so", async () => {
  const disk = new FakeDisk();
  const s = store(disk);
  await s.append(Uint8Array.of(1, 2, 3));
  disk.refuses = true;
  await s.append(Uint8Array.of(4, 5));
  disk.refuses = false;
  await s.append(Uint8Array.of(6));
  assert.deepEqual(disk.bytes, [1, 2, 3], "behind the hole nothing fits any more");
  assert.equal(s.trouble.name, "QuotaExceededError");
  assert.equal(s.lasting, false);
  assert.equal(s.memoryOnlyBytes, 3);
  assert.deepEqual([...(await s.read(0, 6))], [1, 2, 3, 4, 5, 6]);
  assert.ok(s.whole);
});

test("without a disk everything is in memory", async () => {
  const s = store(new FakeDisk(), Promise.reject(new DOMException("none", "NotSupportedError")));
  await s.append(Uint8Array.of(1, 2, 3));
  await s.describe({ ended: true });
  assert.equal(s.memoryOnlyBytes, 3);
  assert.deepEqual([...(await s.read(0, 3))], [1, 2, 3]);
});

test("acknowledged bytes stay on the disk, and go for ever only when they are cleared", async () => {
  const disk = new FakeDisk();
  const s = store(disk);
  await s.append(new Uint8Array(100));
  s.forget(100);
  assert.equal((await s.read(0, 100)).length, 100);
  assert.equal(disk.removed, false);
  await s.clear();
  assert.equal(disk.removed, true);
});

test("facts are written behind the bytes that were handed over before them", async () => {
  const disk = new FakeDisk();
  const s = store(disk);
  void s.append(new Uint8Array(10));
  await s.describe({ ended: { totalBytes: 10 } });
  assert.deepEqual(disk.facts, [{ ended: { totalBytes: 10 }, after: 10 }]);
});

test("what an earlier page kept is read from the disk", async () => {
  const disk = new FakeDisk();
  disk.bytes = [...new Uint8Array(300).keys()].map((i) => i % 256);
  const s = new JournalledByteStore(disk, "take-1", 300, Promise.resolve());
  assert.equal(s.memoryOnlyBytes, 0);
  assert.ok(s.whole);
  assert.deepEqual([...(await s.read(254, 4))], [254, 255, 0, 1]);
});
