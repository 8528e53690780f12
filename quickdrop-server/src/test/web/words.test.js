import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveState } from "../../main/resources/web/dashboard/live-state.js";
import { chooseFormat, extensionOf } from "../../main/resources/web/phone/formats.js";
import {
  connectionWords,
  discardWords,
  elsewhereWords,
  gapWords,
  keepingWords,
  lostWords,
  receiptWords,
  roomWords,
  summaryWords,
  takeWords,
  unfinishedWords,
} from "../../main/resources/web/phone/words.js";
import { age, clock, rate, shortHash, size, span } from "../../main/resources/web/shared/format.js";

test("sizes are decimal and short", () => {
  const shown = [0, 1, 999, 1000, 12_449, 99_949, 99_951, 999_499, 999_500, 1_234_567_890, 5e12].map(size);
  assert.deepEqual(shown, [
    "0 bytes", "1 byte", "999 bytes", "1.0 kB", "12.4 kB", "99.9 kB", "100 kB", "999 kB", "1.0 MB", "1.2 GB", "5.0 TB",
  ]);
  assert.equal(rate(3_100_000), "3.1 MB/s");
});

test("times read like a clock, spans and ages like speech", () => {
  assert.deepEqual([-5, 7_999, 754_000, 3_723_000].map(clock), ["0:00", "0:07", "12:34", "1:02:03"]);
  assert.deepEqual([8_000, 180_000, 7_200_000, 4 * 86_400_000].map(span), ["8 s", "3 min", "2 h", "4 days"]);
  const now = 1_800_000_000_000;
  const ago = (seconds) => age(now - seconds * 1000, now);
  assert.deepEqual(
    [-10, 3, 50, 3_500, 4_000, 86_000, 86_400 * 12].map(ago),
    ["just now", "just now", "1 min ago", "58 min ago", "1 h ago", "yesterday", "12 days ago"],
  );
  assert.equal(shortHash("0123456789abcdef".repeat(4)), "01234567…89abcdef");
});

test("MP4 comes before WebM, and the ending follows what was really recorded", () => {
  assert.equal(chooseFormat((mime) => mime.startsWith("video/webm")), "video/webm;codecs=vp9,opus");
  assert.equal(chooseFormat(() => true), "video/mp4;codecs=avc1.42E01E,mp4a.40.2");
  assert.equal(chooseFormat(() => false), "");
  assert.deepEqual(
    ["video/mp4;codecs=avc1", "VIDEO/WebM; codecs=vp8", "video/x-matroska;codecs=avc1", "text/html"].map(extensionOf),
    ["mp4", "webm", "mkv", "bin"],
  );
});

test("the phone never calls safe what is not", () => {
  const take = { recording: false, stopping: false, stallReason: null, online: true, first: true };
  assert.equal(takeWords({ ...take, senderState: "saved" }), "Safe on the laptop");
  for (const senderState of ["waiting", "opening", "sending", "ending", "stalled", "failed"]) {
    assert.doesNotMatch(takeWords({ ...take, senderState }), /safe/i, senderState);
  }
  const all = { unsafeBytes: 0, heldBytes: 5, takes: 1, failed: 0, unfinished: 0, paused: 0, memoryOnlyBytes: 0, recording: false, online: true };
  assert.equal(summaryWords(all).title, "Everything is safe on the laptop");
  assert.equal(summaryWords({ ...all, unfinished: 1 }).title, "Nearly safe");
  assert.equal(summaryWords({ ...all, unfinished: 1, unsafeBytes: 5e6 }).title, "5.0 MB only on this phone");
  assert.equal(summaryWords({ ...all, failed: 1, unsafeBytes: 5e6 }).title, "5.0 MB only on this phone");
  assert.match(summaryWords({ ...all, unfinished: 1, unsafeBytes: 5, online: false }).detail, /by itself/);
  assert.match(summaryWords({ ...all, unfinished: 1, unsafeBytes: 5 }).detail, /also when this page is closed/);
  assert.match(summaryWords({ ...all, unfinished: 1, unsafeBytes: 5, memoryOnlyBytes: 5 }).detail, /Keep this page open/);
  assert.match(summaryWords({ ...all, unfinished: 1, paused: 1, unsafeBytes: 5 }).detail, /^Resume below/);
});

test("what the phone keeps is said with its limits, and never called kept when it is not", () => {
  const keeping = { kind: "opfs", refused: null, persisted: true, roomBytes: 12e9, trouble: null };
  assert.equal(keepingWords(keeping).words, "This phone keeps up to 12.0 GB of unsent video, also when this page is closed.");
  assert.match(keepingWords({ ...keeping, persisted: false }).words, /may clear it/);
  assert.match(keepingWords({ ...keeping, kind: "indexeddb", refused: "SecurityError" }).words, /private window/);
  for (const worse of [
    { kind: "none" },
    { kind: "none", refused: "SecurityError" },
    { trouble: "QuotaExceededError" },
    { trouble: "InvalidStateError" },
    { roomBytes: 120e6 },
  ]) {
    const { words, tone } = keepingWords({ ...keeping, ...worse });
    assert.equal(tone, "bad", JSON.stringify(worse));
    assert.doesNotMatch(words, /also when this page is closed/, JSON.stringify(worse));
  }
  assert.equal(keepingWords({ ...keeping, kind: "opening" }).words, "");
});

test("an unfinished take says what is left, and discarding says what that means", () => {
  assert.equal(unfinishedWords(12e6), "Unfinished take, 12.0 MB left");
  assert.match(discardWords({ bytes: 5e6, safeBytes: 0 }), /only on this phone, all 5.0 MB/);
  assert.match(discardWords({ bytes: 5e6, safeBytes: 2e6 }), /3.0 MB of it exist only on this phone. The 2.0 MB .* stay there/);
  assert.match(elsewhereWords(1), /an unfinished take/);
  assert.match(elsewhereWords(3), /3 unfinished takes/);
  assert.equal(lostWords(1).title, "An unsent take is gone");
});

test("the room on the laptop is told as time", () => {
  assert.equal(roomWords(7_020_000_000, 0), "The laptop has room for about 3 h of video.");
  assert.equal(
    roomWords(60_000_000, 1_000_000),
    "The laptop’s disk is nearly full: room for about 60 s of video. What does not fit waits on this phone.",
  );
  assert.match(roomWords(0, 0), /full/);
});

test("the receipt compares checksums", () => {
  const sha256 = "1be14dab6dc9f7aebaa9771930ba092660dcba54f8a62c1871fbc685974144e6";
  const receipt = { fileName: "a.mp4", bytes: 5, sha256 };
  assert.equal(receiptWords(receipt, sha256).title, "Identical on phone and laptop");
  assert.equal(receiptWords(receipt, sha256).receipt, "3FGM-VAVD-S7VT");
  assert.equal(receiptWords(receipt, "ab".repeat(32)).title, "The checksums differ");
});

test("every state of the connection has words", () => {
  for (const state of ["idle", "connecting", "open", "waiting", "refused", "superseded"]) {
    assert.ok(connectionWords({ state, refusal: null, failures: 1 }).words.length > 3);
  }
});

test("the dashboard's state follows the observer messages", () => {
  const live = new LiveState();
  const recording = (id, ts) => ({ id, ts, fileName: `${id}.mp4`, bytes: 1, mime: "video/mp4", peer: "p", partial: false, savedTs: ts });
  live.apply(
    { type: "snapshot", recordings: [recording("a", 1), recording("b", 2)], sessions: [], phonesConnected: 1, freeBytes: 9 },
    0,
  );
  assert.deepEqual(live.recordings.map((r) => r.id), ["b", "a"]);
  live.apply({ type: "recording_started", session: { sessionId: "c", bytes: 0, state: "receiving" } }, 0);
  live.apply({ type: "recording_progress", sessionId: "c", bytes: 2_000_000, chunks: 1, state: "receiving", freeBytes: 8 }, 1_000);
  assert.equal(live.rate("c", 1_000), 2_000_000);
  assert.equal(live.rate("c", 60_000), 0, "old news is no rate");
  assert.equal(live.freeBytes, 8);
  live.apply({ type: "recording_progress", sessionId: "unheard-of", bytes: 1, chunks: 1, state: "receiving", freeBytes: 7 }, 1_000);
  live.apply({ type: "recording_saved", recording: recording("c", 3) }, 2_000);
  assert.equal(live.sessions.size, 0);
  live.apply({ type: "recording_started", session: { sessionId: "c", bytes: 0, state: "completing" } }, 2_000);
  assert.equal(live.sessions.size, 0, "late news of a take that is through");
  live.apply({ type: "recording_updated", recording: { ...recording("a", 1), label: "x" } }, 2_000);
  assert.deepEqual(live.recordings.map((r) => r.label ?? r.id), ["c", "b", "x"]);
  live.apply({ type: "recording_removed", id: "b" }, 2_000);
  live.apply({ type: "phone_status", connected: 3 }, 2_000);
  assert.equal(live.phonesConnected, 3);
  assert.deepEqual(live.recordings.map((r) => r.id), ["c", "a"]);
  assert.equal(live.apply({ type: "something_newer" }, 2_000), false);
});

test("a gap in a take is told with its length and reason", () => {
  assert.equal(gapWords(840, "flip"), "0.8 s not recorded: camera flipped");
  assert.match(gapWords(95_000, "hidden"), /^2 min not recorded: .*background/);
  assert.match(gapWords(1_000, "something_newer"), /started anew/);
});
