import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { decodeSlot, encodeSlot, FRAMES_START, MAX_FRAME_BYTES, SLOT_BYTES } from "../../main/resources/web/shared/journal/frames.js";
import { TakeFile } from "../../main/resources/web/shared/journal/take-file.js";

/** A file as a browser's synchronous handle has it; what was written last can be torn. */
class FakeHandle {
  bytes = new Uint8Array(0);
  flushes = 0;
  /** Writes up to here only, as a full disk does. */
  limit = Infinity;
  /** Bytes of the file at the last flush: what a power cut leaves at least. */
  flushed = new Uint8Array(0);

  constructor(bytes = new Uint8Array(0)) {
    this.bytes = Uint8Array.from(bytes);
  }

  read(into, { at }) {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  write(bytes, { at }) {
    const room = Math.max(0, Math.min(bytes.length, this.limit - at));
    if (at + room > this.bytes.length) this.truncate(at + room);
    this.bytes.set(bytes.subarray(0, room), at);
    return room;
  }

  truncate(size) {
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, size));
    this.bytes = bytes;
  }

  getSize() {
    return this.bytes.length;
  }

  flush() {
    this.flushes++;
    this.flushed = Uint8Array.from(this.bytes);
  }

  close() {}
}

const text = (words) => new TextEncoder().encode(words);
const words = (bytes) => new TextDecoder().decode(bytes);

/** A file with these pieces. */
function fileOf(...pieces) {
  const handle = new FakeHandle();
  const file = TakeFile.create(handle, { pieces: 0 });
  for (const piece of pieces) file.append(text(piece));
  return { handle, file };
}

test("what is read is what was appended, across pieces, and is on the disk when append returns", () => {
  const { handle, file } = fileOf("Quick", "", "Drop", " Relay");
  assert.equal(file.bytes, 15);
  assert.equal(words(file.read(0, 15)), "QuickDrop Relay");
  assert.equal(words(file.read(3, 4)), "ckDr");
  assert.equal(words(file.read(14, 1)), "y");
  assert.deepEqual(handle.flushed, handle.bytes);
  file.append(text("!"), 1_760_000_000_000);
  assert.equal(TakeFile.open(new FakeHandle(handle.bytes)).changedTs, 1_760_000_000_000);
  assert.throws(() => file.read(10, 7), /held are 0 to 16/);
});

test("a tail torn at any byte is cut off, and what was whole before it stays", () => {
  const { handle: before } = fileOf("first", "second");
  const { handle: after } = fileOf("first", "second", "the last piece");
  for (let cut = before.bytes.length; cut < after.bytes.length; cut++) {
    const torn = new FakeHandle(after.bytes.subarray(0, cut));
    const file = TakeFile.open(torn);
    assert.equal(words(file.read(0, file.bytes)), "firstsecond", `cut at ${cut}`);
    assert.deepEqual(torn.bytes, before.bytes, `cut at ${cut}: nothing of it stays behind`);
    file.append(text("!"));
    assert.equal(words(TakeFile.open(new FakeHandle(torn.bytes)).read(0, 12)), "firstsecond!", `cut at ${cut}`);
  }
  assert.equal(TakeFile.open(after).bytes, 25);
});

test("a tail whose blocks came to the disk in another order, or as zeros, is cut off as well", () => {
  const { handle: before } = fileOf("first", "second");
  const { handle: after } = fileOf("first", "second", "the last piece");
  for (let at = before.bytes.length; at < after.bytes.length; at++) {
    for (const value of [0, after.bytes[at] ^ 1]) {
      if (value === after.bytes[at]) continue;
      const torn = Uint8Array.from(after.bytes);
      torn[at] = value;
      assert.equal(TakeFile.open(new FakeHandle(torn)).bytes, 11, `byte ${at} is ${value}`);
    }
  }
});

test("facts torn at any byte are those from before", () => {
  const { handle, file } = fileOf("bytes");
  file.describe({ acknowledged: 1 });
  const before = Uint8Array.from(handle.bytes);
  file.describe({ acknowledged: 2, ended: { totalBytes: 5, sha256: "ab", ms: 7 } });
  const after = handle.bytes;
  const changed = [...after.keys()].filter((at) => after[at] !== before[at]);
  for (let whole = 0; whole < changed.length; whole++) {
    const torn = Uint8Array.from(before);
    for (const at of changed.slice(0, whole)) torn[at] = after[at];
    assert.deepEqual(TakeFile.open(new FakeHandle(torn)).facts, { acknowledged: 1 }, `${whole} bytes of the new ones`);
  }
  const again = TakeFile.open(new FakeHandle(after));
  assert.equal(again.facts.ended.ms, 7);
  again.describe({ third: true });
  assert.deepEqual(TakeFile.open(new FakeHandle(after)).facts.ended.sha256, "ab", "a copy is not touched");
});

test("facts that do not fit are our own mistake, and leave those from before", () => {
  const { handle, file } = fileOf("x");
  assert.throws(() => file.describe({ label: "x".repeat(SLOT_BYTES) }), /allowed are 4076/);
  assert.deepEqual(TakeFile.open(handle).facts, { pieces: 0 });
  const slot = encodeSlot(3, { a: "é" });
  assert.deepEqual(decodeSlot(slot), { sequence: 3, facts: { a: "é" } });
  assert.equal(decodeSlot(slot.subarray(0, slot.length - 1)), null);
  assert.equal(decodeSlot(new Uint8Array(SLOT_BYTES)), null);
});

test("a full disk takes a piece as a whole or not at all", () => {
  const { handle, file } = fileOf("first");
  const size = handle.bytes.length;
  for (let room = 0; room < 32 + 6; room++) {
    handle.limit = size + room;
    assert.throws(() => file.append(text("second")), { name: "QuotaExceededError" }, `room for ${room}`);
    assert.equal(handle.bytes.length, size, `room for ${room}`);
    assert.equal(file.bytes, 5);
  }
  file.describe({ ended: true });
  handle.limit = Infinity;
  file.append(text("third"));
  assert.equal(words(TakeFile.open(handle).read(0, 10)), "firstthird");
});

test("a killed creation leaves a file without facts and without bytes", () => {
  for (const size of [0, 1, 100, FRAMES_START]) {
    const file = TakeFile.open(new FakeHandle(new Uint8Array(size)));
    assert.deepEqual([file.bytes, file.facts], [0, {}]);
  }
});

test("a long piece is split into frames, flushed on the way, and a damaged middle is never read as good", () => {
  const handle = new FakeHandle();
  const file = TakeFile.create(handle, {});
  const flushes = handle.flushes;
  const long = randomBytes(20 * MAX_FRAME_BYTES + 17);
  file.append(long);
  assert.equal(handle.flushes - flushes, 3);
  assert.deepEqual(Buffer.from(file.read(MAX_FRAME_BYTES - 3, 10)), long.subarray(MAX_FRAME_BYTES - 3, MAX_FRAME_BYTES + 7));
  handle.bytes[FRAMES_START + 32 + 5] ^= 1;
  const again = TakeFile.open(handle);
  assert.equal(again.bytes, long.length, "far from the tail, so it is no torn one");
  assert.throws(() => again.read(0, 10), { name: "DataError" });
  assert.deepEqual(Buffer.from(again.read(2 * MAX_FRAME_BYTES, 100)), long.subarray(2 * MAX_FRAME_BYTES, 2 * MAX_FRAME_BYTES + 100));
});
