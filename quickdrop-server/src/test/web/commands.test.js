import assert from "node:assert/strict";
import { test } from "node:test";
import { Commands, PICTURE_LATER_MS, SETTING_LATER_MS, SOON_MS } from "../../main/resources/web/watch/commands.js";
import { commandName, commandWords, progressWords } from "../../main/resources/web/watch/command-words.js";

/** Nobody waits for a timer here. */
const HERE = { online: true, connected: true };

test("a command is followed to its end, and only to its own", async () => {
  const sent = [];
  const commands = new Commands((message) => sent.push(message));
  const first = commands.run("a", "config", { maxFps: 5 });
  const second = commands.run("a", "screenshot", { screen: 1 });
  assert.notEqual(sent[0].idempotencyKey, sent[1].idempotencyKey);
  assert.deepEqual([sent[1].type, sent[1].commandType, sent[1].commandData], ["desktop_command", "screenshot", { screen: 1 }]);
  const status = (of, state, fields = {}) => commands.heard({ commandId: "c", status: state, idempotencyKey: of.idempotencyKey, ...fields });
  status(sent[0], "pending");
  status(sent[0], "delivered");
  status(sent[1], "completed", { result: { url: "/x" } });
  status(sent[1], "failed");
  assert.equal((await second).result.url, "/x");
  status(sent[0], "failed", { error: "no" });
  assert.equal((await first).error, "no");
  commands.heard({ status: "completed", idempotencyKey: "somebody else's" });
});

test("a command that the server refuses fails at once, with its reason", async () => {
  const commands = new Commands(() => {});
  const asked = commands.run("a", "config", { maxFps: 99 });
  commands.refused({ type: "error", reason: "stream_limit" });
  commands.refused({ type: "error", reason: "forbidden", detail: "operators only" });
  assert.deepEqual([(await asked).status, (await asked).error], ["failed", "operators only"]);
  commands.refused({ type: "error", reason: "forbidden" });
});

test("after a reconnect, what has not ended is asked for again under the same key, for the time that is left", async () => {
  const sent = [];
  const commands = new Commands((message) => sent.push(message));
  const asked = commands.run("a", "screenshot", { screen: 0 });
  const other = commands.run("b", "config", { maxFps: 5 });
  commands.heard({ status: "completed", commandId: "c", idempotencyKey: sent[1].idempotencyKey });
  await other;
  const [first] = sent.splice(0);
  commands.reconnected();
  assert.equal(sent.length, 1);
  assert.deepEqual({ ...sent[0], expiresInMs: 0 }, { ...first, expiresInMs: 0 });
  assert.ok(sent[0].expiresInMs <= first.expiresInMs && sent[0].expiresInMs > SOON_MS - 60_000);
  commands.heard({ status: "completed", commandId: "d", idempotencyKey: first.idempotencyKey });
  assert.equal((await asked).commandId, "d");
  commands.reconnected();
  assert.equal(sent.length, 1, "what ended is not asked for again");
});

test("an absent desktop gets more time, a setting more than a picture", () => {
  const sent = [];
  const commands = new Commands((message) => sent.push(message));
  const settled = [
    commands.run("a", "screenshot", {}),
    commands.run("a", "screenshot", {}, { online: false }),
    commands.run("a", "stop_capture", {}, { online: false }),
  ];
  for (const [i, atMost] of [SOON_MS, PICTURE_LATER_MS, SETTING_LATER_MS].entries()) {
    assert.ok(sent[i].expiresInMs <= atMost && sent[i].expiresInMs > atMost - 5_000, `${sent[i].expiresInMs}`);
    commands.heard({ status: "expired", commandId: "", idempotencyKey: sent[i].idempotencyKey });
  }
  return Promise.all(settled);
});

test("how far a command is can be seen until it ended", async () => {
  const sent = [];
  const seen = [];
  let changes = 0;
  const commands = new Commands((message) => sent.push(message), () => changes++);
  const asked = commands.run("a", "config", {}, { onStatus: ({ status }) => seen.push(status) });
  assert.deepEqual(commands.running.map(({ status, desktopClientId }) => [status, desktopClientId]), [["asked", "a"]]);
  for (const status of ["pending", "delivered", "completed"]) commands.heard({ status, commandId: "c", idempotencyKey: sent[0].idempotencyKey });
  await asked;
  assert.deepEqual([seen, commands.running, changes], [["pending", "delivered"], [], 4]);
});

test("commands end in words", () => {
  assert.match(commandWords({ status: "failed", error: "no room" }), /no room/);
  assert.match(commandWords({ status: "expired" }), /did not get to it in time/);
  assert.equal(commandName("stop_capture"), "Pause");
});

test("a command that waits says for what, and until when", () => {
  const nowTs = new Date(2026, 10, 22, 14, 0).getTime();
  const running = { status: "pending", untilTs: nowTs + 5 * 60_000 };
  const waits = progressWords(running, { ...HERE, online: false }, nowTs);
  assert.match(waits, /offline: it will be done when it comes back, until .*0?2?:?05/);
  const tomorrow = progressWords({ ...running, untilTs: nowTs + SETTING_LATER_MS }, { ...HERE, online: false }, nowTs);
  assert.match(tomorrow, /until Mon/);
  assert.match(progressWords({ ...running, status: "delivered" }, { ...HERE, online: false }, nowTs), /at it/);
  assert.match(progressWords(running, { ...HERE, connected: false }, nowTs), /out of reach/);
  assert.match(progressWords(running, HERE, nowTs), /told/);
});
