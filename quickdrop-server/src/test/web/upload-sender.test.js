import assert from "node:assert/strict";
import { test } from "node:test";
import { WINDOW_BYTES } from "../../main/resources/web/shared/send-window.js";
import { ranges, Sending, texts } from "./fixtures.js";

const KIB64 = 65_536;

test("nothing is sent before the server said where to begin", () => {
  const s = new Sending();
  s.sender.add(10);
  assert.deepEqual(s.drain(), []);
  s.sender.connected();
  assert.deepEqual(texts(s.drain()), ["start"]);
  assert.deepEqual(s.drain(), []);
  s.started(0);
  assert.deepEqual(ranges(s.drain()), [[0, 10]]);
});

test("chunks are at most 64 KiB and the window bounds what is on its way", () => {
  const s = new Sending();
  s.open();
  s.sender.add(WINDOW_BYTES + 3 * KIB64);
  const sent = ranges(s.drain());
  assert.equal(sent.at(-1)[1], WINDOW_BYTES);
  assert.ok(sent.every(([from, to]) => to - from <= KIB64));
  s.progress(KIB64 + 1);
  assert.deepEqual(ranges(s.drain()), [
    [WINDOW_BYTES, WINDOW_BYTES + KIB64],
    [WINDOW_BYTES + KIB64, WINDOW_BYTES + KIB64 + 1],
  ]);
});

test("end comes after the last byte, and saved ends it", () => {
  const s = new Sending();
  s.open();
  s.sender.add(100);
  s.drain();
  s.sender.end("abc");
  const [end] = s.drain();
  assert.deepEqual(end.message, { type: "end", sessionId: "take-1", totalBytes: 100, sha256: "abc", chunks: 1 });
  s.saved(100, "abc");
  assert.equal(s.sender.state, "saved");
  assert.equal(s.sender.acknowledged, 100);
  assert.equal(s.sender.deadlineMs, Infinity);
});

test("bytes in flight at a cut are sent again from the server's offset", () => {
  const s = new Sending();
  s.open();
  s.sender.add(1000);
  s.drain();
  s.progress(300);
  s.sender.disconnected();
  assert.deepEqual(s.drain(), []);
  s.sender.connected();
  assert.deepEqual(texts(s.drain()), ["resume"]);
  s.started(450); // the server got more than it could say
  assert.deepEqual(ranges(s.drain()), [[450, 1000]]);
});

test("stopped while offline: everything and the end follow on the next connection", () => {
  const s = new Sending();
  s.open();
  s.sender.add(100);
  s.drain();
  s.sender.disconnected();
  s.sender.add(50);
  s.sender.end("abc");
  s.sender.connected();
  s.drain();
  s.started(100);
  const out = s.drain();
  assert.deepEqual(ranges(out), [[100, 150]]);
  assert.deepEqual(texts(out), ["end"]);
});

test("a cold start with queued data sends nothing twice", () => {
  const s = new Sending();
  s.sender.add(70_000);
  s.sender.end("abc");
  s.open();
  const out = s.drain();
  assert.deepEqual(ranges(out), [[0, KIB64], [KIB64, 70_000]]);
  assert.deepEqual(texts(out), ["end"]);
});

test("a lost acknowledgement is asked for after 20 s on the same connection", () => {
  const s = new Sending();
  s.open();
  s.sender.add(1000);
  s.drain();
  s.wait(19_999);
  assert.deepEqual(s.drain(), []);
  s.wait(1);
  assert.deepEqual(texts(s.drain()), ["resume"]);
  s.started(1000);
  assert.equal(s.sender.acknowledged, 1000);
  assert.equal(s.sender.deadlineMs, Infinity, "nothing is in flight: nothing is awaited");
});

test("a late acknowledgement while asking again counts", () => {
  const s = new Sending();
  s.open();
  s.sender.add(1000);
  s.drain();
  s.wait(20_000);
  s.drain();
  s.progress(400);
  assert.equal(s.sender.acknowledged, 400);
  s.started(400);
  assert.deepEqual(ranges(s.drain()), [[400, 1000]]);
});

test("a lost answer to start is asked for again", () => {
  const s = new Sending();
  s.sender.add(10);
  s.sender.connected();
  s.drain();
  s.wait(20_000);
  assert.deepEqual(texts(s.drain()), ["resume"]);
});

test("a lost saved is asked for by repeating end", () => {
  const s = new Sending();
  s.open();
  s.sender.add(10);
  s.sender.end("abc");
  s.drain();
  s.progress(10);
  s.wait(20_000);
  const out = s.drain();
  assert.deepEqual(texts(out), ["end"]);
  assert.deepEqual(ranges(out), []);
  s.saved(10, "abc");
  assert.equal(s.sender.state, "saved");
});

test("a rewind sends again from there, and the end after it", () => {
  const s = new Sending();
  s.open();
  s.sender.add(200_000);
  s.sender.end("abc");
  s.drain();
  s.progress(KIB64);
  s.error("offset_mismatch", 2 * KIB64);
  const out = s.drain();
  assert.equal(ranges(out)[0][0], 2 * KIB64);
  assert.deepEqual(texts(out), ["end"]);
});

test("the same complaint about chunks already on their way rewinds once", () => {
  const s = new Sending();
  s.open();
  s.sender.add(10 * KIB64);
  s.drain();
  s.error("chunk_corrupt", KIB64);
  assert.equal(ranges(s.drain()).length, 9);
  s.error("offset_mismatch", KIB64);
  assert.deepEqual(s.drain(), []);
  s.wait(1_000);
  s.error("offset_mismatch", KIB64);
  assert.equal(ranges(s.drain()).length, 9, "later it is a new complaint");
});

test("a rewind without a usable offset asks where to go on", () => {
  const s = new Sending();
  s.open();
  s.sender.add(1000);
  s.drain();
  s.progress(500);
  s.error("offset_mismatch", 100);
  assert.deepEqual(texts(s.drain()), ["resume"]);
});

test("a full disk stops sending until the server says started", () => {
  const s = new Sending();
  s.open();
  s.sender.add(1000);
  s.drain();
  s.error("storage_full");
  s.sender.add(1000);
  s.sender.end("abc");
  assert.equal(s.sender.state, "stalled");
  assert.equal(s.sender.stallReason, "storage_full");
  assert.deepEqual(s.drain(), []);
  s.started(400);
  const out = s.drain();
  assert.deepEqual(ranges(out), [[400, 2000]]);
  assert.deepEqual(texts(out), ["end"]);
});

test("a full disk is asked about every 20 s", () => {
  const s = new Sending();
  s.open();
  s.sender.add(1000);
  s.drain();
  s.error("storage_full");
  s.wait(20_000);
  assert.deepEqual(texts(s.drain()), ["resume"]);
  s.error("storage_full");
  assert.equal(s.sender.state, "stalled");
  s.wait(20_000);
  assert.deepEqual(texts(s.drain()), ["resume"]);
});

test("acknowledged bytes that the server lost are told and not papered over", () => {
  const s = new Sending();
  s.open();
  s.sender.add(1000);
  s.drain();
  s.progress(900);
  s.sender.disconnected();
  s.sender.connected();
  s.drain();
  s.started(899);
  assert.equal(s.sender.state, "failed");
  assert.equal(s.sender.failure.reason, "acknowledged_lost");
});

test("a saved with another checksum is a failure, not a receipt", () => {
  const s = new Sending();
  s.open();
  s.sender.add(10);
  s.sender.end("abc");
  s.drain();
  s.saved(10, "abd");
  assert.equal(s.sender.state, "failed");
  assert.equal(s.sender.failure.reason, "integrity_mismatch");
});

test("a server that acknowledges bytes never recorded is not believed", () => {
  const s = new Sending();
  s.open();
  s.sender.add(10);
  s.progress(11);
  assert.equal(s.sender.state, "failed");
  assert.equal(s.sender.acknowledged, 0);
});

test("refusals end the take and keep its numbers, and a retry asks again", () => {
  for (const reason of ["integrity_mismatch", "too_large", "forbidden", "session_limit", "session_unknown"]) {
    const s = new Sending();
    s.open();
    s.sender.add(10);
    s.error(reason);
    assert.equal(s.sender.state, "failed", reason);
    assert.deepEqual(s.drain(), []);
    s.sender.retry();
    assert.deepEqual(texts(s.drain()), ["resume"]);
  }
});

test("a conflict is said again three times before it counts", () => {
  const s = new Sending();
  s.open();
  s.sender.add(10);
  for (let i = 0; i < 3; i++) {
    s.drain();
    s.error("content_conflict");
    assert.deepEqual(texts(s.drain()), ["resume"]);
    s.started(0);
  }
  s.error("content_conflict");
  assert.equal(s.sender.state, "failed");
});

test("messages of a connection that is gone are ignored", () => {
  const s = new Sending();
  s.open();
  s.sender.add(10);
  s.drain();
  s.sender.disconnected();
  s.progress(10);
  assert.equal(s.sender.acknowledged, 0);
  assert.equal(s.sender.state, "waiting");
});

test("an early or repeated tick does nothing", () => {
  const s = new Sending();
  s.open();
  s.sender.tick(s.nowMs);
  s.sender.tick(s.nowMs);
  assert.deepEqual(s.drain(), []);
  assert.equal(s.sender.state, "sending");
});
