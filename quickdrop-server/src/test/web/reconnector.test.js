import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CONNECT_TIMEOUT_MS,
  DEAD_AFTER_MS,
  FAILURES_TO_REST,
  FIRST_DELAY_MS,
  MAX_DELAY_MS,
  PING_INTERVAL_MS,
  PROBE_GAP_MS,
  PROOF_OF_LIFE_MS,
  REST_MS,
  Reconnector,
} from "../../main/resources/web/shared/reconnector.js";

function open(random = () => 0.5) {
  const r = new Reconnector(random);
  assert.deepEqual(r.start(0), ["connect"]);
  r.opened(100);
  assert.equal(r.state, "open");
  return r;
}

test("a ping goes out at once and then every 5 s", () => {
  const r = open();
  assert.deepEqual(r.tick(100), ["ping"]);
  assert.deepEqual(r.tick(100 + PING_INTERVAL_MS - 1), []);
  assert.deepEqual(r.tick(100 + PING_INTERVAL_MS), ["ping"]);
});

test("a connection that says nothing for 15 s is dropped, without any close event", () => {
  const r = open();
  for (let t = 100; t < 100 + DEAD_AFTER_MS; t += PING_INTERVAL_MS) r.tick(t);
  assert.deepEqual(r.tick(100 + DEAD_AFTER_MS), ["drop"]);
  assert.equal(r.state, "waiting");
});

test("anything heard is a sign of life", () => {
  const r = open();
  r.tick(100);
  r.heard(14_000);
  assert.deepEqual(r.tick(100 + DEAD_AFTER_MS), ["ping"]);
  assert.equal(r.state, "open");
});

test("a connect that takes longer than 8 s is given up", () => {
  const r = new Reconnector(() => 0.5);
  r.start(0);
  assert.deepEqual(r.tick(CONNECT_TIMEOUT_MS - 1), []);
  assert.deepEqual(r.tick(CONNECT_TIMEOUT_MS), ["drop"]);
  assert.equal(r.state, "waiting");
});

/**
 * @param {Reconnector} r
 * @param {number} now
 */
function fail(r, now) {
  r.closed(now, 1006);
  const delay = Math.round(r.retryAtMs - now);
  assert.deepEqual(r.tick(r.retryAtMs), ["connect"]);
  return delay;
}

test("delays grow with full jitter from 250 ms up to 10 s and start over after a hello", () => {
  const r = new Reconnector(() => 0.999999);
  r.start(0);
  const delays = [];
  let now = 0;
  for (let i = 0; i < 8; i++) {
    delays.push(fail(r, now));
    now += delays[i];
  }
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 10000, 10000, 10000, 10000]);
  r.opened(now);
  r.closed(now, 1006);
  assert.ok(r.retryAtMs - now <= 2 * FIRST_DELAY_MS);
  assert.ok(delays.every((delay) => delay <= MAX_DELAY_MS));
});

test("after five failures in a row attempts begin no closer together than 5 s", () => {
  const r = new Reconnector(() => 0);
  r.start(0);
  let now = 0;
  for (let i = 1; i <= FAILURES_TO_REST + 2; i++) {
    const delay = fail(r, now);
    assert.equal(delay, i < FAILURES_TO_REST ? FIRST_DELAY_MS : REST_MS);
    now += delay;
    assert.equal(r.isResting, i >= FAILURES_TO_REST);
  }
  r.opened(now);
  assert.equal(r.isResting, false);
  r.closed(now, 1006);
  assert.equal(r.retryAtMs - now, FIRST_DELAY_MS);
});

test("waking up many times while the breaker is open makes one probe a second", () => {
  const r = new Reconnector(() => 0);
  r.start(0);
  let now = 0;
  for (let i = 0; i < FAILURES_TO_REST; i++) now += fail(r, now);
  r.closed(now, 1006);
  assert.deepEqual(r.wake(now + PROBE_GAP_MS - 1), []);
  assert.deepEqual(r.wake(now + PROBE_GAP_MS), ["connect"]);
  r.closed(now + PROBE_GAP_MS, 1006);
  assert.deepEqual(r.wake(now + PROBE_GAP_MS + 1), []);
});

test("the time that an attempt hung counts as waiting", () => {
  const r = new Reconnector(() => 0);
  r.start(0);
  assert.deepEqual(r.tick(CONNECT_TIMEOUT_MS), ["drop"]);
  assert.equal(r.retryAtMs, CONNECT_TIMEOUT_MS + FIRST_DELAY_MS);
});

test("waking up tries at once", () => {
  const r = open();
  r.closed(200, 1006);
  assert.deepEqual(r.wake(201), ["connect"]);
});

test("waking up on a connection that was silent asks for proof of life and drops it soon", () => {
  const r = open();
  assert.deepEqual(r.wake(6_000), ["ping"]);
  assert.deepEqual(r.tick(6_000 + PROOF_OF_LIFE_MS), ["drop"]);
});

test("a page that was frozen asks for proof instead of believing its own clock", () => {
  const r = open();
  assert.deepEqual(r.tick(600_000), ["ping"]);
  assert.equal(r.state, "open");
  r.heard(600_050);
  assert.deepEqual(r.tick(600_000 + PROOF_OF_LIFE_MS), []);
});

test("goodbye is obeyed: not before the server said, also when waking up", () => {
  const r = open();
  assert.deepEqual(r.goodbye(1_000, 3_000), ["drop"]);
  assert.equal(r.retryAtMs, 4_750, "and spread, since it says the same to a herd");
  assert.deepEqual(r.wake(2_000), []);
  assert.deepEqual(r.tick(4_749), []);
  assert.deepEqual(r.tick(4_750), ["connect"]);
});

test("superseded and refused connections wait for the person", () => {
  for (const [code, state, refusal] of [
    [4409, "superseded", null],
    [4401, "refused", "unauthenticated"],
    [4403, "refused", "revoked"],
  ]) {
    const r = open();
    assert.deepEqual(r.closed(200, code), ["drop"]);
    assert.equal(r.state, state);
    assert.equal(r.refusal, refusal);
    assert.equal(r.deadlineMs, Infinity);
    assert.deepEqual(r.wake(300), []);
    assert.deepEqual(r.start(400), ["connect"]);
  }
});

test("starting anew drops the socket that is there", () => {
  const r = open();
  assert.deepEqual(r.start(500), ["drop", "connect"]);
  assert.deepEqual(r.stop(), ["drop"]);
  assert.deepEqual(r.closed(600, 1006), []);
});
