import assert from "node:assert/strict";
import { test } from "node:test";
import { capacity, usualRate } from "../../main/resources/web/shared/capacity.js";
import { hoursAndMinutes } from "../../main/resources/web/shared/format.js";

const GB = 1_000_000_000;

test("room is told as time, never longer than it is", () => {
  assert.deepEqual(
    [0, 59_999, 119_000, 120_000, 3_599_000, 11_400_000, 7_200_000, 3 * 86_400_000 - 1].map(hoursAndMinutes),
    ["0 s", "59 s", "119 s", "2 min", "59 min", "3 h 10 min", "2 h", "2 days"],
  );
  assert.equal(capacity(11.4 * GB, 1_000_000).words, "Room for 3 h 10 min of video (11.4 GB)");
});

test("the present rate counts, and without one the usual", () => {
  const recordings = [{ bytes: 100 * 1_000_000, ms: 100_000 }, { bytes: 5 }, { bytes: 4_000_000, ms: 1_000 }, { bytes: 90 * 1_000_000, ms: 30_000 }];
  assert.equal(usualRate(recordings), 3_000_000);
  assert.equal(usualRate([]), 0);
  assert.equal(capacity(10.8 * GB, 0, 3_000_000).words, "Room for 60 min of video (10.8 GB)".replace("60 min", "1 h"));
  assert.match(capacity(10.8 * GB, 6_000_000, 3_000_000).words, /30 min/);
  assert.match(capacity(6.5 * GB, 0, 0).words, /2 h 46 min/);
});

test("it warns early: below a quarter of an hour, or near the reserve", () => {
  assert.equal(capacity(2 * GB, 2_000_000).low, false);
  assert.equal(capacity(2 * GB, 2_300_000).low, true);
  assert.equal(capacity(500_000_000, 1).low, true);
  assert.deepEqual(capacity(0, 0), { tone: "bad", words: "The disk is full", low: true });
});
