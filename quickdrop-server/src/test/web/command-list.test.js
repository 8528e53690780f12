import assert from "node:assert/strict";
import { test } from "node:test";
import { askedWords, statusWords, steps, summaryWords, titleWords } from "../../main/resources/web/dashboard/command-list.js";

const NOW = new Date(2026, 10, 22, 14, 0).getTime();
const command = (fields = {}) => ({
  commandId: "c", type: "screenshot", data: { screen: 0 }, status: "pending", askedBy: "operator", createdTs: NOW - 5_000, expiresTs: NOW + 300_000, ...fields,
});
const shape = (fields) => steps(command(fields)).map(({ state }) => state);

test("a command's way has three stops: asked, told, done", () => {
  const deliveredTs = NOW - 4_900;
  assert.deepEqual(shape({}), ["done", "now", "ahead"]);
  assert.deepEqual(shape({ status: "delivered", deliveredTs }), ["done", "done", "now"]);
  assert.deepEqual(shape({ status: "completed", deliveredTs, endedTs: NOW }), ["done", "done", "done"]);
  assert.deepEqual(shape({ status: "failed", deliveredTs, endedTs: NOW }), ["done", "done", "bad"]);
  assert.deepEqual(shape({ status: "failed", endedTs: NOW }), ["done", "never", "bad"]);
  assert.deepEqual(shape({ status: "expired", endedTs: NOW }), ["done", "never", "never"]);
  assert.deepEqual(
    steps(command({ status: "completed", deliveredTs, endedTs: NOW })).map(({ words }) => words),
    ["asked", "told after 0.1 s", "done after 5.0 s"],
  );
});

test("what waits says for what and until when, what failed says why", () => {
  assert.match(statusWords(command(), false, NOW).note, /offline: it will be done when it comes back, until .*05/);
  assert.equal(statusWords(command(), true, NOW).short, "On its way");
  assert.deepEqual(statusWords(command({ status: "failed", error: "interrupted; it may have run" }), true, NOW), {
    tone: "bad", short: "Failed", note: "interrupted; it may have run",
  });
  assert.equal(statusWords(command({ status: "completed", endedTs: NOW }), false, NOW).note, "after 5.0 s");
  assert.equal(statusWords(command({ status: "expired" }), true, NOW).tone, "off");
});

test("a command says what it is, and who asked", () => {
  assert.equal(titleWords(command({ data: { screen: 1 } })), "Screenshot of screen 2");
  assert.equal(titleWords(command()), "Screenshot");
  assert.equal(titleWords(command({ type: "config", data: { maxFps: 10, maxQuality: 80 } })), "Limits: 10 fps, quality 80");
  assert.equal(titleWords(command({ type: "config", data: undefined })), "Limits");
  assert.equal(askedWords(command({ createdTs: NOW - 300_000 }), NOW), "operator, 5 min ago");
});

test("the line above says what is worth opening it", () => {
  assert.equal(summaryWords([]), "");
  assert.equal(summaryWords([command(), command({ status: "delivered" }), command({ status: "completed" })]), "2 open");
  assert.equal(summaryWords([command({ status: "failed" }), command({ status: "completed" })]), "the last one failed");
});
