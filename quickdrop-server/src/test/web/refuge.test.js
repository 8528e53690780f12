import assert from "node:assert/strict";
import { test } from "node:test";
import { AGAIN_MS, PATIENCE_MS, Refuge } from "../../main/resources/web/watch/refuge.js";

const instances = [
  { name: "north", url: "https://north:8443", state: "alive", self: true },
  { name: "south", url: "https://south:8443", state: "alive", self: false },
  { name: "west", url: "https://west:8443", state: "alive", self: false },
  { name: "gone", url: "https://gone:8443", state: "away", self: false },
  { name: "odd", url: "javascript:alert(1)", state: "alive", self: false },
];

function lostAt(nowMs) {
  const refuge = new Refuge();
  refuge.learn(instances);
  refuge.saw(true, 0);
  refuge.saw(false, nowMs);
  return refuge;
}

test("a server that is back in a moment is not left", () => {
  const refuge = lostAt(1_000);
  assert.equal(refuge.next(1_000 + PATIENCE_MS - 1), null);
  assert.deepEqual(refuge.offers(1_000 + PATIENCE_MS - 1), []);
  refuge.saw(true, 1_000 + PATIENCE_MS);
  assert.equal(refuge.next(100_000), null);
});

test("the other instances that live are tried in turn, one at a time", () => {
  const refuge = lostAt(0);
  const nowMs = PATIENCE_MS;
  assert.deepEqual(refuge.offers(nowMs).map(({ name }) => name), ["south", "west"]);
  assert.equal(refuge.next(nowMs), "https://south:8443");
  assert.equal(refuge.next(nowMs), null);
  refuge.failed();
  assert.equal(refuge.next(nowMs), "https://west:8443");
  refuge.failed();
  assert.equal(refuge.next(nowMs), null);
  assert.equal(refuge.next(nowMs + AGAIN_MS), "https://south:8443");
});

test("the time counts from the loss, not from the last look", () => {
  const refuge = lostAt(0);
  refuge.saw(false, PATIENCE_MS - 1);
  assert.equal(refuge.next(PATIENCE_MS), "https://south:8443");
});

test("a server that tells of no others leaves nowhere to go", () => {
  const refuge = new Refuge();
  refuge.learn(undefined);
  refuge.saw(false, 0);
  assert.deepEqual([refuge.offers(60_000), refuge.next(60_000)], [[], null]);
});
