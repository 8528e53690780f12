import assert from "node:assert/strict";
import { test } from "node:test";
import { ageWords, History, HISTORY_MS, stages } from "../../main/resources/web/watch/age.js";

test("ages are short to read", () => {
  assert.deepEqual(
    [0, 0.4, 8.4, 640, 999.6, 1_440, 9_960, 59_000, 120_000, NaN, -1].map(ageWords),
    ["< 1 ms", "< 1 ms", "8 ms", "640 ms", "1.0 s", "1.4 s", "10 s", "59 s", "2 min", "–", "–"],
  );
});

test("stages come in the order of the way and share the whole", () => {
  const shown = stages({ captureMs: 10, uplinkMs: 20, relayMs: 0, downlinkMs: 60, paintMs: 10, totalMs: 100 });
  assert.deepEqual(shown.map((s) => [s.name, s.ms, s.share]), [
    ["capture", 10, 0.1], ["uplink", 20, 0.2], ["server", 0, 0], ["downlink", 60, 0.6], ["paint", 10, 0.1],
  ]);
});

test("a measurement below zero or missing counts as nothing", () => {
  const shown = stages({ captureMs: -3, uplinkMs: NaN, relayMs: undefined, downlinkMs: 0, paintMs: 0 });
  assert.ok(shown.every((stage) => stage.ms === 0 && stage.share === 0));
});

test("the plot runs from a minute ago to now and forgets what is older", () => {
  const history = new History();
  history.add(500, 0);
  history.add(100, 50_000);
  assert.equal(history.worstMs, 500);
  history.add(200, HISTORY_MS + 1);
  assert.equal(history.worstMs, 200);
  assert.equal(history.path(HISTORY_MS + 1, 120, 20), "M100.0 10.0M120.0 0.0");
});

test("a second's rhythm is one line, silence a gap, and a quiet link no alp", () => {
  const history = new History();
  for (const atMs of [0, 1_000, 2_000, 10_000]) history.add(5, atMs);
  assert.equal(history.path(60_000, 60, 50), "M0.0 45.0L1.0 45.0L2.0 45.0M10.0 45.0");
  history.add(NaN, 11_000);
  assert.equal(history.path(HISTORY_MS * 3, 60, 50), "");
});
