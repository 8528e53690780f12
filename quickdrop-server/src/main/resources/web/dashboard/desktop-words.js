/**
 * What the dashboard says about a desktop. Pure: the present moment comes in as an argument.
 *
 * @typedef {import("../watch/words.js").Desktop} Desktop
 */
import { age } from "../shared/format.js";
import { fpsWords, kbitWords, monitorWords } from "../watch/words.js";

/** @type {Record<string, string>} */
const STATES = { pending: "Asks to be let in", online: "Online", offline: "Offline" };

/** @param {Desktop} desktop */
export function stateWords(desktop) {
  return STATES[desktop.state] ?? desktop.state;
}

/**
 * @param {Desktop} desktop
 * @returns {string} "studio.local · HDMI-1 1920 × 1080 · DP-2 1280 × 1024"
 */
export function placeWords(desktop) {
  const host = desktop.hostname && desktop.hostname !== desktop.friendlyName ? [desktop.hostname] : [];
  const screens = desktop.monitors.map(
    (monitor) => `${monitorWords(monitor, desktop.monitors.length)} ${monitor.width} × ${monitor.height}`,
  );
  const at = desktop.instance ? [`at ${desktop.instance}`] : [];
  const old = desktop.generation === 1 ? ["old (v1) client without a key"] : [];
  return [...host, ...at, ...screens, ...old].join(" · ");
}

/**
 * @param {Desktop} desktop
 * @param {number} nowTs milliseconds since 1970
 * @returns {string} "2 watch · 14 fps · 5.1 Mbit/s", "Nobody watches", "Last seen 3 h ago"
 */
export function doingWords(desktop, nowTs) {
  if (desktop.state === "pending") return `Asked ${age(desktop.lastSeenTs, nowTs)}`;
  if (desktop.state !== "online") return `Last seen ${age(desktop.lastSeenTs, nowTs)}`;
  if (desktop.viewers === 0 && desktop.instance) return ""; // who looks at it there is known there
  if (desktop.viewers === 0) return "Nobody watches";
  const watch = desktop.viewers === 1 ? "1 watches" : `${desktop.viewers} watch`;
  if (!desktop.capturing) return `${watch} · paused`;
  return [watch, fpsWords(desktop.fps), kbitWords(desktop.kbps)].join(" · ");
}

/**
 * @param {Desktop[]} desktops
 * @returns {string} "3, 2 online"; empty for none
 */
export function countWords(desktops) {
  const enrolled = desktops.filter((desktop) => desktop.state !== "pending");
  const online = enrolled.filter((desktop) => desktop.state === "online").length;
  const asking = desktops.length - enrolled.length;
  return [
    enrolled.length > 0 ? `${enrolled.length}, ${online} online` : "",
    asking > 0 ? `${asking} to decide` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
