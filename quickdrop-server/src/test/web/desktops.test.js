import assert from "node:assert/strict";
import { test } from "node:test";
import { DesktopList, keyOf } from "../../main/resources/web/dashboard/desktop-list.js";
import { countWords, doingWords, placeWords, stateWords } from "../../main/resources/web/dashboard/desktop-words.js";
import { LiveState } from "../../main/resources/web/dashboard/live-state.js";

const NOW = 1_800_000_000_000;

const desktop = (clientId, state, more = {}) => ({
  clientId, friendlyName: clientId, hostname: "host", state, monitors: [], codecs: [], generation: 2, viewers: 0,
  capturing: false, fps: 0, kbps: 0, quality: 0, fingerprint: `key of ${clientId}`, lastSeenTs: NOW, ...more,
});

const shown = (list) => list.all.map((each) => `${each.clientId} ${each.state}`);

test("who asks to be let in stands first, then who is online, each by name", () => {
  const list = new DesktopList();
  list.reset([
    desktop("z", "online"), desktop("b", "offline"), desktop("a", "offline"), desktop("y", "pending"), desktop("c", "online"),
  ]);

  assert.deepEqual(shown(list), ["y pending", "c online", "z online", "a offline", "b offline"]);
});

test("one who was approved is one desktop, and stays when its connection goes", () => {
  const list = new DesktopList();
  list.reset([]);
  list.put(desktop("studio", "pending"));
  list.put(desktop("studio", "online", { viewers: 2, fps: 14, kbps: 900, limitedBy: "x" }));
  assert.deepEqual(shown(list), ["studio online"]);

  list.left("studio", false, NOW + 5);
  const [left] = list.all;
  assert.deepEqual([left.state, left.viewers, left.fps, left.kbps, left.limitedBy, left.lastSeenTs], [
    "offline", 0, 0, 0, undefined, NOW + 5,
  ]);

  list.left("studio", true, NOW);
  assert.deepEqual(shown(list), []);
});

test("two who claim one name are two rows, told apart by their keys", () => {
  const list = new DesktopList();
  list.put(desktop("studio", "pending", { fingerprint: "1111" }));
  list.put(desktop("studio", "pending", { fingerprint: "2222" }));
  assert.equal(new Set(list.all.map(keyOf)).size, 2);

  list.put(desktop("studio", "online", { fingerprint: "2222" }));
  assert.deepEqual(list.all.map((each) => [each.fingerprint, each.state]), [["1111", "pending"], ["2222", "online"]]);
});

test("the live state follows what the server says of desktops", () => {
  const live = new LiveState();
  live.apply({ type: "snapshot", recordings: [], sessions: [], phonesConnected: 0, desktops: [desktop("a", "offline")], freeBytes: 1 }, 0, NOW);
  assert.equal(live.apply({ type: "desktop_connected", desktop: desktop("a", "online") }, 0, NOW), true);
  assert.equal(live.apply({ type: "desktop_status", desktop: desktop("a", "online", { viewers: 3 }) }, 0, NOW), true);
  assert.equal(live.desktops.all[0].viewers, 3);
  assert.equal(live.apply({ type: "desktop_disconnected", clientId: "a", removed: false }, 0, NOW), true);
  assert.deepEqual(shown(live.desktops), ["a offline"]);
});

test("a desktop's words say what it is and how it does", () => {
  const busy = desktop("Studio", "online", { viewers: 2, capturing: true, fps: 14.4, kbps: 5120 });
  assert.equal(doingWords(busy, NOW), "2 watch · 14 fps · 5.1 Mbit/s");
  assert.equal(doingWords({ ...busy, viewers: 1, capturing: false }, NOW), "1 watches · paused");
  assert.equal(doingWords({ ...busy, viewers: 0 }, NOW), "Nobody watches");
  assert.equal(doingWords(desktop("Studio", "offline", { lastSeenTs: NOW - 7_200_000 }), NOW), "Last seen 2 h ago");
  assert.equal(doingWords(desktop("Studio", "pending"), NOW), "Asked just now");
  assert.equal(doingWords(desktop("Studio", "pending", { lastSeenTs: NOW - 180_000 }), NOW), "Asked 3 min ago");
  const monitors = [
    { index: 0, name: "HDMI-1", x: 0, y: 0, width: 1920, height: 1080, isPrimary: true },
    { index: 1, name: "", x: 1920, y: 0, width: 1280, height: 1024, isPrimary: false },
  ];
  assert.equal(placeWords({ ...busy, monitors }), "host · HDMI-1 1920 × 1080 · Screen 2 1280 × 1024");
  assert.equal(placeWords({ ...busy, hostname: "Studio", generation: 1 }), "old (v1) client without a key");
  assert.deepEqual(["pending", "online", "offline"].map((state) => stateWords(desktop("a", state))), [
    "Asks to be let in", "Online", "Offline",
  ]);
});

test("the count says how many are there and how many wait for the operator", () => {
  assert.equal(countWords([]), "");
  assert.equal(countWords([desktop("a", "online"), desktop("b", "offline")]), "2, 1 online");
  assert.equal(countWords([desktop("a", "pending")]), "1 to decide");
  assert.equal(countWords([desktop("a", "pending"), desktop("b", "online")]), "1, 1 online · 1 to decide");
});
