import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { FileDesk, looksLike } from "../../main/resources/web/phone/file-desk.js";
import { describeFile, FileTake } from "../../main/resources/web/phone/file-take.js";
import { LEAVE_AFTER_MS, mayLeave, mostUrgent } from "../../main/resources/web/phone/turns.js";
import { fileWords } from "../../main/resources/web/phone/words.js";
import { FileByteStore } from "../../main/resources/web/shared/file-byte-store.js";
import { HEAD_BYTES, hashFile, hashHead } from "../../main/resources/web/shared/hash-file.js";
import { dice } from "./fixtures.js";

const MIB = 1024 * 1024;

/** A file in memory that counts how much of it was read at once. */
class WatchedFile extends File {
  largestRead = 0;

  slice(...range) {
    const piece = super.slice(...range);
    this.largestRead = Math.max(this.largestRead, piece.size);
    return piece;
  }
}

function file(bytes, name = "a.bin", lastModified = 5) {
  return new WatchedFile([bytes], name, { lastModified, type: "" });
}

function noise(length, seed = 1) {
  const random = dice(seed);
  return Uint8Array.from({ length }, () => random() * 256);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

test("a file keeps the name that the person gave it, as far as the server takes one", () => {
  const of = (name, type = "") => describeFile({ name, size: 9, lastModified: 1, type }, 7);
  assert.deepEqual(of("Holiday.JPG", "image/jpeg"), { mime: "image/jpeg", ext: "jpg", label: "Holiday", ts: 7, totalBytes: 9 });
  const named = (name) => [of(name).label, of(name).ext];
  assert.deepEqual(named("backup.tar.gz"), ["backup.tar", "gz"]);
  assert.deepEqual(named("README"), ["README", "bin"]);
  assert.deepEqual(named(".profile"), [".profile", "bin"]);
  assert.deepEqual(named("letter.to everyone"), ["letter.to everyone", "bin"]);
  assert.equal(of("x").mime, "application/octet-stream");
  assert.equal(of("x", "a".repeat(300)).mime, "application/octet-stream");
  assert.equal(of("é".repeat(300)).label.length, 200);
});

test("a file is read in blocks, wherever the laptop wants to go on", async () => {
  const bytes = noise(3 * MIB + 17);
  const watched = file(bytes);
  const store = new FileByteStore(watched);
  for (const [at, length] of [[0, 65_536], [65_536, 65_536], [MIB - 3, 10], [2 * MIB + 5, 65_536], [10, 5], [3 * MIB, 17]]) {
    assert.deepEqual(Buffer.from(await store.read(at, length)), Buffer.from(bytes.subarray(at, at + length)), `${at}+${length}`);
  }
  assert.ok(watched.largestRead <= MIB, `found ${watched.largestRead}`);
  await assert.rejects(store.read(3 * MIB, 18), RangeError);
});

test("its checksum never needs more than a block of it in memory", async () => {
  for (const length of [0, 1, HEAD_BYTES, HEAD_BYTES + 1, 2 * MIB + 99]) {
    const bytes = noise(length, length + 1);
    const watched = file(bytes);
    const seen = [];
    const hashes = await hashFile(watched, (at) => seen.push(at));
    assert.equal(hashes.sha256, sha256(bytes), `${length} bytes`);
    assert.equal(hashes.head, sha256(bytes.subarray(0, HEAD_BYTES)));
    assert.equal(await hashHead(watched), hashes.head);
    assert.equal(seen.at(-1), length);
    assert.ok(watched.largestRead <= MIB);
  }
});

const HASHES = { of: (blob, progress) => hashFile(blob, progress) };

test("a picked file is sent from its beginning, and ended by its checksum", async () => {
  const added = [];
  const desk = new FileDesk(HASHES, () => added, (take) => added.push(take));
  await desk.send([file(noise(100), "one.txt"), file(noise(200), "two.txt")]);
  assert.deepEqual(added.map((take) => [take.name, take.sender.produced]), [["one.txt", 100], ["two.txt", 200]]);
  await new Promise((resolve) => (added[1].onKept = () => added[1].sha256 && resolve()));
  assert.ok(added[1].sender.ended);
  assert.equal(added[1].sha256, sha256(noise(200)));
});

test("the same file picked again goes on; another of the same name is another upload", async () => {
  const bytes = noise(MIB + 50);
  const head = sha256(bytes.subarray(0, HEAD_BYTES));
  const left = new FileTake({ name: "a.bin", size: bytes.length, lastModified: 5, type: "" }, { sessionId: "s", startedTs: 1, head });
  left.paused = true;
  const takes = [left];
  const desk = new FileDesk(HASHES, () => takes, (take) => takes.push(take));

  await desk.send([file(noise(MIB + 50, 99))]);
  assert.equal(takes.length, 2, "the same name, length and date, but other bytes");
  assert.ok(left.paused);
  await desk.send([file(bytes)]);
  assert.equal(takes.length, 2);
  assert.ok(!left.paused);
  assert.deepEqual(Buffer.from(await left.store.read(7, 9)), Buffer.from(bytes.subarray(7, 16)));
  assert.ok(!looksLike(left, file(bytes, "a.bin", 6)), "changed since");
});

test("a file that can't be read any more is said to be so, and picked again", async () => {
  const take = new FileTake({ name: "a.bin", size: 10, lastModified: 5, type: "" });
  await take.readFrom({ size: 10, slice: () => ({ size: 10, arrayBuffer: () => Promise.reject(new Error("gone")) }) }, HASHES);
  assert.equal(take.sender.failure.reason, "phone_lost_bytes");
  const desk = new FileDesk(HASHES, () => [take], () => assert.fail("it is the same upload"));
  await desk.send([file(noise(10))]);
  assert.equal(take.sender.state, "waiting");
});

const upload = (part, sender) => ({ part, sender: { state: "sending", finished: false, ended: false, produced: 10, acknowledged: 0, next: 0, ...sender } });

test("a recording goes before files, and lets them on while it is safe", () => {
  const take = upload({}, {});
  const picture = upload(null, { ended: true });
  assert.equal(mostUrgent([picture, take]), take);
  take.sender.acknowledged = 10;
  assert.equal(mostUrgent([picture, take]), picture);
  take.sender.ended = true;
  assert.equal(mostUrgent([picture, take]), take, "it only needs its end");
  take.sender.finished = true;
  picture.sender.finished = true;
  assert.equal(mostUrgent([picture, take]), null);
  assert.equal(mostUrgent([{ ...upload(null, {}), paused: true }]), null);
  assert.equal(mostUrgent([upload({}, { produced: 0 })]), null, "its type is not known yet");
  const empty = upload(null, { produced: 0, ended: true });
  assert.equal(mostUrgent([empty]), empty);
});

test("what is on its way is waited for before another upload takes over, but not for ever", () => {
  assert.ok(!mayLeave(upload(null, { next: 10 }), 0));
  assert.ok(!mayLeave(upload(null, { state: "opening" }), 0));
  assert.ok(mayLeave(upload(null, { next: 10, acknowledged: 10 }), 0));
  assert.ok(mayLeave(upload(null, { next: 10 }), LEAVE_AFTER_MS));
  assert.ok(mayLeave(upload(null, { state: "stalled" }), 0));
});

test("a file is never called safe before it is saved", () => {
  const about = { stallReason: null, online: true, paused: false, allSent: false, checkedPercent: null };
  for (const senderState of ["waiting", "opening", "sending", "ending", "stalled", "failed"]) {
    assert.doesNotMatch(fileWords({ ...about, senderState }), /safe/i, senderState);
  }
  assert.match(fileWords({ ...about, senderState: "sending", allSent: true, checkedPercent: 40 }), /40 %/);
  assert.match(fileWords({ ...about, senderState: "waiting", paused: true }), /again/);
});
