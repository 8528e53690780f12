import assert from "node:assert/strict";
import { test } from "node:test";
import { causeWords, grouped, seconds, take } from "../../main/resources/web/dashboard/takes.js";

/** @param {number} index @param {Record<string, any>} [more] */
function part(index, more = {}) {
  const { gapMs = 0, cause, takeId = "t", ...rest } = more;
  return { id: `${takeId}-${index}`, fileName: `${index}.webm`, bytes: 100, mime: "video/webm", ms: 40_000, ts: 1_000 * index, savedTs: 0, peer: "Pixel", partial: false, take: { takeId, index, gapMs, cause }, ...rest };
}

test("parts of one take are one row at the place of its newest part", () => {
  const file = { ...part(0), id: "f", take: undefined };
  const items = grouped([part(1), file, part(0)], []);

  assert.equal(items.length, 2);
  assert.deepEqual(/** @type {any} */ (items[0]).parts.map((/** @type {any} */ p) => p.id), ["t-0", "t-1"]);
  assert.equal(items[1], file);
});

test("a take of one part is a recording like any other, until another part is on its way", () => {
  assert.equal("parts" in grouped([part(0)], [])[0], false);
  const session = /** @type {any} */ ({ sessionId: "s", take: { takeId: "t", index: 1 } });
  const [whole] = grouped([part(0)], [session]);
  assert.equal("parts" in whole && whole.arriving, true);
});

test("a gap is said where it is, how long and why", () => {
  const whole = take([part(0, { ms: 42_000 }), part(1, { gapMs: 1_200, cause: "flip", ms: 10_000 })], false);

  assert.deepEqual(whole.pieces.map((piece) => piece.words), ["0:00 to 0:42", "0:42 – 1.2 s missing: camera flipped", "0:42 to 0:52"]);
  assert.equal(whole.ms, 52_000);
  assert.equal(whole.gapMs, 1_200);
  assert.equal(whole.bytes, 200);
});

test("parts that are not here are said, also when the first is missing", () => {
  const whole = take([part(1), part(4, { gapMs: 500 })], false);

  assert.equal(whole.absent, 3);
  assert.deepEqual(
    whole.pieces.filter((piece) => piece.kind === "absent").map((piece) => piece.words),
    ["0:00 – Part 1 is not here", "0:40 – Parts 3 to 4 are not here"],
  );
  assert.equal("parts" in grouped([part(1)], [])[0], true);
});

test("another device's part is none of this take", () => {
  assert.equal(grouped([part(1), part(0, { peer: "Stranger" })], []).length, 2);
});

test("causes and short spans are words", () => {
  assert.equal(causeWords("hidden"), "page in the background");
  assert.equal(causeWords("low_battery"), "low battery");
  assert.equal(causeWords(undefined), "");
  assert.equal(seconds(40), "0.1 s");
  assert.equal(seconds(12_300), "12 s");
  assert.equal(seconds(200_000), "3:20");
});
