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

/** A desk with everything that it asks for, in memory. */
function desk({ takes = [], shelved = [], freeBytes = 1e9, othersHave = [] } = {}) {
  const shelf = new Map(shelved.map((file) => [file.sessionId, file]));
  const around = {
    hashes: { of: (blob, progress) => hashFile(blob, progress) },
    shelf: {
      list: async () => [...shelf.values()],
      put: async (file) => shelf.set(file.sessionId, file),
      remove: async (id) => shelf.delete(id),
    },
    freeBytes: async () => freeBytes,
    claim: async (id) => !othersHave.includes(id),
    takes: () => takes,
    add: (take) => takes.push(take),
  };
  return { desk: new FileDesk(around), takes, shelf, around };
}

const ended = (take) => new Promise((resolve) => (take.onKept = () => take.sender.ended && resolve()));
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

test("a picked file is sent from its beginning, and ended by its checksum", async () => {
  const { desk: files, takes } = desk();
  await files.send([file(noise(100), "one.txt"), file(noise(200), "two.txt")]);
  assert.deepEqual(takes.map((take) => [take.name, take.sender.produced]), [["one.txt", 100], ["two.txt", 200]]);
  await ended(takes[1]);
  assert.equal(takes[1].sha256, sha256(noise(200)));
});

test("a copy waits on the shelf until the laptop has the file", async () => {
  const { desk: files, takes, shelf } = desk();
  const picked = file(noise(100), "one.txt");
  await files.send([picked]);
  await soon();
  assert.equal(shelf.get(takes[0].sessionId).content, picked);
  assert.ok(takes[0].store.lasting);
  await takes[0].store.clear();
  assert.equal(shelf.size, 0);
});

test("without room for a copy the shelf still knows which file is missing", async () => {
  const { desk: files, takes, shelf } = desk({ freeBytes: 150 });
  await files.send([file(noise(100), "one.txt")]);
  await soon();
  assert.equal(shelf.get(takes[0].sessionId).content, null);
  assert.ok(!takes[0].store.lasting);
});

test("after a reload files with a copy go on by themselves, and others wait for the person", async () => {
  const bytes = noise(300);
  const shelved = (sessionId, content) => ({
    sessionId, startedTs: 4, known: { name: "a.bin", size: 300, lastModified: 5, type: "" }, head: sha256(bytes), content,
  });
  const { desk: files, takes, shelf } = desk({
    shelved: [shelved("copied", new Blob([bytes])), shelved("missing", null), shelved("of another page", null)],
    othersHave: ["of another page"],
  });
  await files.restore();
  assert.deepEqual(takes.map((take) => [take.sessionId, take.paused]), [["copied", false], ["missing", true]]);
  assert.deepEqual(Buffer.from(await takes[0].store.read(7, 9)), Buffer.from(bytes.subarray(7, 16)));
  await takes[1].store.clear();
  assert.deepEqual([...shelf.keys()], ["copied", "of another page"], "given up by the person");
});

test("the same file picked again goes on; another of the same name is another upload", async () => {
  const bytes = noise(MIB + 50);
  const head = sha256(bytes.subarray(0, HEAD_BYTES));
  const left = new FileTake({ name: "a.bin", size: bytes.length, lastModified: 5, type: "" }, { sessionId: "s", startedTs: 1, head });
  left.paused = true;
  const { desk: files, takes } = desk({ takes: [left] });

  await files.send([file(noise(MIB + 50, 99))]);
  assert.equal(takes.length, 2, "the same name, length and date, but other bytes");
  assert.ok(left.paused);
  await files.send([file(bytes)]);
  assert.equal(takes.length, 2);
  assert.ok(!left.paused);
  assert.deepEqual(Buffer.from(await left.store.read(7, 9)), Buffer.from(bytes.subarray(7, 16)));
  assert.ok(!looksLike(left, file(bytes, "a.bin", 6)), "changed since");
});

test("a file that can't be read any more is said to be so, and picked again", async () => {
  const { desk: files, takes, around } = desk();
  const { of } = around.hashes;
  around.hashes.of = () => Promise.reject(new Error("changed since it was picked"));
  await files.send([file(noise(10))]);
  await soon();
  const [take] = takes;
  assert.equal(take.sender.failure.reason, "phone_lost_bytes");
  around.hashes.of = of;
  await files.send([file(noise(10))]);
  assert.equal(takes.length, 1, "it is the same upload");
  await ended(take);
  assert.equal(take.sha256, sha256(noise(10)));
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
