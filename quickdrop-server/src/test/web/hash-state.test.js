import assert from "node:assert/strict";
import { test } from "node:test";
import { formatHash, MAX_WATCHED, parseHash } from "../../main/resources/web/watch/hash-state.js";

const one = (desktopClientId, monitorId = null, stopped = false) => ({ desktopClientId, monitorId, stopped });

test("what is watched survives the address", () => {
  const state = { watched: [one("front-desk", 0), one("lab.7_b", 255, true), one("kiosk")], big: "lab.7_b:255", info: true };
  const hash = formatHash(state);
  assert.equal(hash, "#watch=front-desk:0,lab.7_b:255!,kiosk&big=lab.7_b:255&info");
  assert.deepEqual(parseHash(hash), state);
});

test("nothing watched leaves no trace in the address", () => {
  assert.equal(formatHash({ watched: [], big: null, info: true }), "");
  assert.deepEqual(parseHash(""), { watched: [], big: null, info: false });
});

test("what is not understood is left out", () => {
  const { watched, big } = parseHash("#watch=ok:1,,a b:1,x:256,x:-1,<img>,ok:1,ok:2,../x:y&big=<b>&other=1&watch");
  assert.deepEqual(watched, [one("ok", 1), one("ok", 2)]);
  assert.equal(big, null);
  assert.deepEqual(parseHash("#token=abc").watched, []);
});

test("an address can't name more screens than the page shows", () => {
  const ids = Array.from({ length: 500 }, (_, i) => `d${i}:0`).join(",");
  assert.equal(parseHash(`#watch=${ids}`).watched.length, MAX_WATCHED);
  assert.deepEqual(parseHash(`#watch=${"a".repeat(65)}:0`).watched, []);
});
