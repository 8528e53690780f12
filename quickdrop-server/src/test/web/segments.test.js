import assert from "node:assert/strict";
import { test } from "node:test";
import { gapBetween, Segments } from "../../main/resources/web/phone/segments.js";

const at = (ms) => ({ wallMs: 1_800_000_000_000 + ms, monotonicMs: ms });

test("the first part of a take has neither gap nor cause", () => {
  const segments = new Segments("take-1");
  const part = segments.begin();
  segments.started(part, at(120));
  assert.deepEqual(part, { takeId: "take-1", index: 0, gapMs: 0 });
});

test("a gap runs from the last recorded moment to the first one of the next part", () => {
  const segments = new Segments("take-1");
  segments.started(segments.begin(), at(0));
  segments.stopped("flip", at(5_000));
  const part = segments.begin();
  segments.started(part, at(5_600));
  segments.started(part, at(5_850)); // the recorder itself says when it really began
  assert.deepEqual(part, { takeId: "take-1", index: 1, gapMs: 850, cause: "flip" });
});

test("the first reason counts, until the next part", () => {
  const segments = new Segments("t");
  segments.begin();
  segments.stopped("interrupted", at(1_000));
  segments.stopped("hidden", at(1_400));
  const second = segments.begin();
  segments.started(second, at(3_000));
  assert.deepEqual([second.cause, second.gapMs], ["interrupted", 2_000]);
  segments.stopped("rolled", at(9_000));
  assert.equal(segments.begin().cause, "rolled");
});

test("sound that went on while the picture was away is no gap", () => {
  const segments = new Segments("t");
  segments.begin();
  segments.stopped("interrupted", at(1_000));
  segments.recordedUntil(at(4_000));
  segments.recordedUntil(at(2_000));
  const part = segments.begin();
  segments.started(part, at(4_300));
  assert.equal(part.gapMs, 300);
});

test("an interruption that left nothing out leaves no gap to the next part", () => {
  const segments = new Segments("t");
  segments.begin();
  segments.stopped("interrupted", at(1_000));
  segments.wentOn();
  segments.stopped("flip", at(8_000));
  const part = segments.begin();
  segments.started(part, at(8_500));
  assert.deepEqual([part.cause, part.gapMs], ["flip", 500]);
});

test("a sleeping phone's stopped clock and a wall clock set back hide no gap", () => {
  const slept = { wallMs: 60_000, monotonicMs: 1_000 };
  assert.equal(gapBetween({ wallMs: 0, monotonicMs: 0 }, slept), 60_000);
  const setBack = { wallMs: -3_600_000, monotonicMs: 2_500.4 };
  assert.equal(gapBetween({ wallMs: 0, monotonicMs: 0 }, setBack), 2_500);
  assert.equal(gapBetween({ wallMs: 5, monotonicMs: 5 }, { wallMs: 0, monotonicMs: 0 }), 0);
});
