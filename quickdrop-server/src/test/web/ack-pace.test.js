import assert from "node:assert/strict";
import { test } from "node:test";
import { AckPace, SPACING_MS } from "../../main/resources/web/watch/ack-pace.js";

test("the first paint is acknowledged at once, with how long it took", () => {
  const pace = new AckPace();
  pace.received(4);
  pace.received(5);
  pace.painted(4, 100, 107.5);
  assert.equal(pace.deadlineMs, 107.5);
  assert.deepEqual(pace.poll(107.5), { frameNumber: 4, receivedNumber: 5, paintMicros: 7_500, hidden: false });
  assert.equal(pace.deadlineMs, Infinity);
  assert.equal(pace.poll(10_000), null);
});

test("paints in quick succession share one acknowledgement, and none waits longer than the spacing", () => {
  const pace = new AckPace();
  pace.painted(1, 0, 10);
  assert.equal(pace.poll(10).frameNumber, 1);
  pace.painted(2, 0, 12);
  pace.painted(3, 0, 15);
  assert.equal(pace.poll(15), null);
  assert.equal(pace.deadlineMs, 10 + SPACING_MS);
  assert.equal(pace.poll(10 + SPACING_MS).frameNumber, 3);
  assert.ok(SPACING_MS <= 50);
});

test("paints that come slower than the spacing are each acknowledged at once", () => {
  const pace = new AckPace();
  for (let n = 1; n <= 20; n++) {
    pace.painted(n, 0, n * 16);
    assert.equal(pace.poll(n * 16)?.frameNumber, n);
  }
});

test("an old frame is not news", () => {
  const pace = new AckPace();
  pace.painted(5, 0, 1);
  pace.poll(1);
  pace.painted(5, 0, 100);
  pace.painted(4, 0, 100);
  assert.equal(pace.deadlineMs, Infinity);
  assert.equal(pace.frameNumber, 5);
});

test("hiding and showing is said at once, also within the spacing and before any paint", () => {
  const pace = new AckPace();
  pace.setHidden(false, 1);
  assert.equal(pace.poll(1), null);
  pace.setHidden(true, 2);
  assert.deepEqual(pace.poll(2), { frameNumber: 0, receivedNumber: 0, paintMicros: 0, hidden: true });
  pace.setHidden(false, 3);
  assert.equal(pace.poll(3).hidden, false);
});

test("a new numbering starts at 0, and a hidden stream says so again", () => {
  const pace = new AckPace();
  pace.received(9);
  pace.painted(9, 0, 5);
  pace.restart(6);
  assert.equal(pace.poll(1_000), null);
  pace.painted(1, 0, 1_000);
  assert.deepEqual(pace.poll(1_000), { frameNumber: 1, receivedNumber: 0, paintMicros: 1_000_000, hidden: false });
  pace.setHidden(true, 1_001);
  pace.poll(1_001);
  pace.restart(2_000);
  assert.deepEqual(pace.poll(2_000), { frameNumber: 0, receivedNumber: 0, paintMicros: 0, hidden: true });
});
