import assert from "node:assert/strict";
import { test } from "node:test";
import { meaningOf } from "../../main/resources/web/watch/keys.js";
import {
  desktopWords, fpsWords, kbitWords, linkWords, monitorWords, tileWords, viewerName,
} from "../../main/resources/web/watch/words.js";

const desktop = (fields = {}) => ({
  clientId: "a", friendlyName: "Front desk", hostname: "reception", state: "online", monitors: [], generation: 2, viewers: 2,
  capturing: true, fps: 8.2, kbps: 4210, quality: 75, lastSeenTs: 1_000, ...fields,
});
const tile = (fields = {}) =>
  tileWords({ state: "live", reason: null, staleSinceTs: null, stopped: false, connected: true, listed: true, desktop: desktop(), ...fields });

test("a desktop says how it does", () => {
  assert.deepEqual(desktopWords(desktop(), 5_000), { tone: "good", short: "Online", line: "reception · 2 viewers · 8 fps · 4.2 Mbit/s" });
  assert.equal(desktopWords(desktop({ viewers: 1, capturing: false }), 5_000).line, "reception · 1 viewer");
  assert.deepEqual(desktopWords(desktop({ state: "offline" }), 301_000), { tone: "off", short: "Offline", line: "reception · seen 5 min ago" });
  assert.equal(desktopWords(desktop({ state: "pending", hostname: "Front desk" }), 0).line, "approve it on the dashboard");
});

test("rates are short to read", () => {
  assert.deepEqual([0, 999, 12_340, 120_000].map(kbitWords), ["0 kbit/s", "999 kbit/s", "12.3 Mbit/s", "120 Mbit/s"]);
  assert.deepEqual([0, 0.5, 1.96, 29.7].map(fpsWords), ["0 fps", "0.5 fps", "2.0 fps", "30 fps"]);
  assert.deepEqual([monitorWords({ name: "", index: 0 }, 1), monitorWords({ name: "", index: 1 }, 2), monitorWords({ name: "DP-1" }, 2)],
    ["Screen", "Screen 2", "DP-1"]);
});

test("a tile says why it shows what it shows", () => {
  assert.deepEqual(tile(), { tone: "good", short: "Live", note: "" });
  assert.equal(tile({ stopped: true, state: "refused" }).short, "Stopped");
  assert.equal(tile({ desktop: desktop({ capturing: false }) }).short, "Paused");
  assert.equal(tile({ state: "opening" }).short, "Opening…");
  assert.match(tile({ state: "refused", reason: "stream_limit" }).note, /as many screens as the server allows/);
  assert.match(tile({ state: "refused", reason: "something_new" }).note, /something_new/);
  assert.equal(tile({ state: "waiting", desktop: desktop({ state: "offline" }) }).short, "Offline");
  assert.equal(tile({ state: "waiting", desktop: null }).short, "Unknown");
  assert.equal(tile({ state: "waiting", desktop: null, listed: false }).short, "Opening…");
  assert.equal(tile({ state: "waiting", connected: false }).short, "Connecting…");
  const stale = tile({ state: "stale", staleSinceTs: 5_000, connected: false });
  assert.match(stale.short, /^Stale since /);
  assert.match(stale.note, /out of reach/);
});

test("the connection says when it tries again", () => {
  const link = { state: "waiting", ready: false, everReady: true, retryInMs: 4_200 };
  assert.equal(linkWords(link).short, "Reconnecting, next try in 4 s");
  assert.equal(linkWords({ ...link, everReady: false, retryInMs: 0 }).short, "Connecting…");
  assert.equal(linkWords({ ...link, ready: true }).short, "Live");
  assert.equal(linkWords({ ...link, state: "refused" }).tone, "bad");
});

test("browsers are told apart on the desktop that they watch", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
  const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/604.1";
  const edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
  assert.deepEqual([chrome, iphone, edge, ""].map(viewerName), ["Chrome on Linux", "Safari on iOS", "Edge on Windows", "A browser"]);
});

test("keys mean what the help says, and leave the browser its own", () => {
  const press = (key, where = {}, held = {}) =>
    meaningOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held }, { tag: "SECTION", dialog: false, ...where });
  assert.deepEqual(press("Enter"), { kind: "tile", action: "big" });
  assert.deepEqual(press(" "), { kind: "tile", action: "toggle" });
  assert.deepEqual(press("S"), { kind: "tile", action: "screenshot" });
  assert.deepEqual(press("ArrowUp"), { kind: "move", key: "ArrowUp" });
  assert.deepEqual([press("?"), press("d"), press("Escape")], [{ kind: "help" }, { kind: "panel" }, { kind: "leave" }]);
  assert.deepEqual([press("s", {}, { ctrlKey: true }), press("q"), press("F5")], [null, null, null]);
  assert.deepEqual([press(" ", { tag: "BUTTON" }), press("Enter", { tag: "A" }), press("s", { tag: "INPUT" }), press("s", { dialog: true })],
    [null, null, null, null]);
  assert.deepEqual(press("s", { tag: "BUTTON" }), { kind: "tile", action: "screenshot" });
});

test("a desktop of another instance says where it is, and nothing that only that one knows", () => {
  const unknown = { instance: "south", viewers: 0, capturing: false };
  assert.equal(desktopWords(desktop(unknown), 5_000).line, "reception · at south");
  assert.equal(tile({ desktop: desktop(unknown) }).short, "Live");
  assert.equal(desktopWords(desktop({ instance: "south" }), 5_000).line, "reception · at south · 2 viewers · 8 fps · 4.2 Mbit/s");
});

test("what the server can't reach is said, with where it can be seen", () => {
  const cut = { state: "stale", reason: "origin_unreachable", staleSinceTs: 1_000, offer: "https://south:8443", desktop: desktop({ instance: "south" }) };
  const words = tile(cut);
  assert.match(words.note, /“south”, which this server can’t reach/);
  assert.deepEqual([words.tone, words.offer], ["wait", "https://south:8443"]);
  assert.equal(tile({ ...cut, state: "waiting", staleSinceTs: null }).short, "Cut off");
  assert.match(tile({ ...cut, connected: false }).note, /out of reach/);
  assert.equal(tile({ ...cut, state: "live", staleSinceTs: null }).note, "");
});
