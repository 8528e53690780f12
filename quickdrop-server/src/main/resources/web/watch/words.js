/**
 * What the page says about desktops and streams. Pure: the present moment comes in as an argument.
 *
 * @typedef {object} Monitor
 * @property {number} index
 * @property {string} name
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {boolean} isPrimary
 *
 * @typedef {object} Desktop as in `desktop_clients_list`
 * @property {string} clientId
 * @property {string} friendlyName
 * @property {string} hostname
 * @property {string} state pending, online or offline
 * @property {Monitor[]} monitors
 * @property {number} generation
 * @property {number} viewers
 * @property {boolean} capturing
 * @property {number} fps
 * @property {number} kbps
 * @property {number} quality
 * @property {string} [fingerprint]
 * @property {number} lastSeenTs
 * @property {string} [limitedBy]
 * @property {string} [instance] name of the other instance where it is connected
 *
 * @typedef {"good" | "wait" | "bad" | "off"} Tone
 * @typedef {{tone: Tone, short: string, note: string, offer?: string}} Words `note` stands on the picture, empty for none;
 *     `offer` is the address where the picture may be seen instead
 */
import { age, span } from "../shared/format.js";
import { CUT_OFF } from "./stream.js";

/**
 * @param {number} kbps
 * @returns {string} "840 kbit/s", "12.3 Mbit/s"
 */
export function kbitWords(kbps) {
  if (kbps < 1000) return `${Math.round(kbps)} kbit/s`;
  return `${(kbps / 1000).toFixed(kbps < 99_950 ? 1 : 0)} Mbit/s`;
}

/**
 * @param {number} fps
 * @returns {string} "12 fps", "0.5 fps"
 */
export function fpsWords(fps) {
  return `${fps > 0 && fps < 2 ? fps.toFixed(1) : Math.round(fps)} fps`;
}

/**
 * @param {number} ts milliseconds since 1970
 * @returns {string} the time of day as people write it here
 */
export function timeWords(ts) {
  return new Date(ts).toLocaleTimeString();
}

/**
 * @param {Monitor} monitor
 * @param {number} count monitors of the desktop
 */
export function monitorWords(monitor, count) {
  return monitor.name || (count === 1 ? "Screen" : `Screen ${monitor.index + 1}`);
}

/**
 * @param {Desktop} desktop
 * @param {number} nowTs milliseconds since 1970
 * @returns {{tone: Tone, short: string, line: string}}
 */
export function desktopWords(desktop, nowTs) {
  const host = desktop.hostname && desktop.hostname !== desktop.friendlyName ? [desktop.hostname] : [];
  if (desktop.instance) host.push(`at ${desktop.instance}`);
  if (desktop.state === "pending") {
    return { tone: "wait", short: "Waits for approval", line: [...host, "approve it on the dashboard"].join(" · ") };
  }
  if (desktop.state !== "online") {
    const seen = desktop.lastSeenTs > 0 ? [`seen ${age(desktop.lastSeenTs, nowTs)}`] : [];
    return { tone: "off", short: "Offline", line: [...host, ...seen].join(" · ") };
  }
  // Who looks at a desktop of another server is known there.
  const watched = desktop.viewers === 1 ? ["1 viewer"] : desktop.viewers === 0 && desktop.instance ? [] : [`${desktop.viewers} viewers`];
  const moving = desktop.capturing && desktop.viewers > 0 ? [fpsWords(desktop.fps), kbitWords(desktop.kbps)] : [];
  return { tone: "good", short: "Online", line: [...host, ...watched, ...moving].join(" · ") };
}

/** @type {Record<string, string>} */
const REFUSALS = {
  desktop_unknown: "The server does not know this desktop.",
  screen_unknown: "This desktop has no such screen any more.",
  stream_limit: "You are watching as many screens as the server allows. Close another one, then start this one again.",
  forbidden: "The server does not let you watch this desktop.",
  desktop_removed: "This desktop was removed on the dashboard.",
};

/**
 * @param {object} tile
 * @param {import("./stream.js").StreamState} tile.state
 * @param {string | null} tile.reason
 * @param {string | null} [tile.offer] address of the instance that has the desktop, where this server can't reach it
 * @param {number | null} tile.staleSinceTs
 * @param {boolean} tile.stopped by the person here
 * @param {boolean} tile.connected to the server
 * @param {boolean} tile.listed whether the server has told which desktops there are
 * @param {Desktop | null} tile.desktop null: not in the list
 * @returns {Words}
 */
export function tileWords({ state, reason, offer, staleSinceTs, stopped, connected, listed, desktop }) {
  if (stopped) return { tone: "off", short: "Stopped", note: "Stopped. Press Space or the play button to go on." };
  if (state === "refused") {
    return { tone: "bad", short: "Refused", note: REFUSALS[reason ?? ""] ?? `The server refused it: ${reason}.` };
  }
  const paused = state === "live" && desktop?.state === "online" && !desktop.capturing && !desktop.instance;
  if (paused) return { tone: "wait", short: "Paused", note: "" };
  if (state === "live") return { tone: "good", short: "Live", note: "" };
  const cutOff = connected && reason === CUT_OFF;
  if (cutOff) {
    const there = desktop?.instance ? `“${desktop.instance}”` : "another server";
    const note = `This desktop is at ${there}, which this server can’t reach now. The picture comes back by itself.`;
    const short = staleSinceTs === null ? "Cut off" : `Stale since ${timeWords(staleSinceTs)}`;
    return { tone: "wait", short, note, ...(offer ? { offer } : {}) };
  }
  const why = !connected
    ? "The server is out of reach; this page keeps trying."
    : listed && !desktop
      ? "The server does not know this desktop."
      : desktop?.state === "offline"
        ? "The desktop is offline. The picture comes back by itself."
        : desktop?.state === "pending"
          ? "The desktop waits for approval on the dashboard."
          : "";
  if (staleSinceTs !== null) {
    return { tone: "wait", short: `Stale since ${timeWords(staleSinceTs)}`, note: why };
  }
  if (why) {
    const short = !connected ? "Connecting…" : !desktop ? "Unknown" : desktop.state === "pending" ? "Waiting" : "Offline";
    return { tone: connected ? "off" : "wait", short, note: why };
  }
  return { tone: "wait", short: "Opening…", note: "" };
}

/**
 * @param {{state: string, ready: boolean, everReady: boolean, retryInMs: number}} link
 * @returns {{tone: Tone, short: string}}
 */
export function linkWords({ state, ready, everReady, retryInMs }) {
  if (ready) return { tone: "good", short: "Live" };
  if (state === "refused") return { tone: "bad", short: "Token needed" };
  if (state === "superseded") return { tone: "bad", short: "Opened elsewhere" };
  const next = retryInMs > 1000 ? `, next try in ${span(retryInMs)}` : "…";
  return { tone: "wait", short: everReady ? `Reconnecting${next}` : `Connecting${next}` };
}

/**
 * How this viewer is called on the desktop that it watches.
 * @param {string} userAgent
 * @returns {string} "Chrome on Linux"
 */
export function viewerName(userAgent) {
  const first = (/** @type {[RegExp, string][]} */ table, /** @type {string} */ otherwise) =>
    table.find(([pattern]) => pattern.test(userAgent))?.[1] ?? otherwise;
  const browser = first(
    [[/Edg\//, "Edge"], [/OPR\//, "Opera"], [/Firefox|FxiOS/, "Firefox"], [/Chrom(e|ium)|CriOS/, "Chrome"], [/Safari/, "Safari"]],
    "A browser",
  );
  const system = first(
    [[/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/CrOS/, "ChromeOS"], [/Linux/, "Linux"]],
    "",
  );
  return system ? `${browser} on ${system}` : browser;
}
