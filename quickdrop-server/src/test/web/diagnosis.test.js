import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, report } from "../../main/resources/web/phone/diagnosis.js";

const HEALTHY = {
  address: "https://192.0.2.7:8443",
  secure: true,
  https: { ms: 12 },
  websocket: { ms: 30 },
  way: "websocket",
  offline: "kept",
  server: { id: "b7c1", before: "b7c1" },
  clockMs: 400,
  storage: { freeBytes: 8e9, lasting: true, kind: "opfs" },
  camera: "granted",
  bytesPerSecond: 9e6,
};

const found = (facts, name) => diagnose({ ...HEALTHY, ...facts }).find((finding) => finding.name === name);

test("a healthy connection has nothing to complain about", () => {
  assert.deepEqual(new Set(diagnose(HEALTHY).map(({ state }) => state)), new Set(["good"]));
});

test("what is broken is named, and only that", () => {
  const broken = (facts) => diagnose({ ...HEALTHY, ...facts }).filter(({ state }) => state !== "good").map(({ name }) => name);
  assert.deepEqual(broken({ secure: false }), ["Secure page"]);
  assert.deepEqual(broken({ websocket: null, way: "https" }), ["WebSocket"]);
  assert.deepEqual(broken({ server: { id: "b7c1", before: "0000" } }), ["Which laptop"]);
  assert.deepEqual(broken({ offline: "untrusted" }), ["Certificate"]);
  assert.deepEqual(broken({ clockMs: -7_200_000 }), ["Clocks"]);
  assert.deepEqual(broken({ storage: { ...HEALTHY.storage, kind: "none" } }), ["Storage on this phone"]);
  assert.deepEqual(broken({ camera: "denied" }), ["Camera"]);
  assert.deepEqual(broken({ bytesPerSecond: 100_000 }), ["Speed"]);
});

test("a laptop that is away is not mistaken for a blocked WebSocket", () => {
  assert.equal(found({ https: null, websocket: null }, "Laptop").state, "bad");
  assert.equal(found({ https: null, websocket: null }, "WebSocket").state, "unknown");
  assert.equal(found({ websocket: null }, "WebSocket").state, "bad");
  assert.match(found({ websocket: null, way: "https" }, "WebSocket").words, /plain HTTPS/);
});

test("clocks are compared in both directions", () => {
  assert.match(found({ clockMs: 3_600_000 }, "Clocks").words, /ahead of the phone’s by 60 min/);
  assert.match(found({ clockMs: -3_600_000 }, "Clocks").words, /behind the phone’s/);
});

test("the report tells everything in plain text", () => {
  const text = report(diagnose(HEALTHY), HEALTHY, { when: "2026-11-22T15:00:00Z", browser: "Firefox" });
  assert.equal(text.split("\n").length, 3 + 9);
  assert.match(text, /^\[good\] WebSocket: Opens in 30 ms\.$/m);
});
