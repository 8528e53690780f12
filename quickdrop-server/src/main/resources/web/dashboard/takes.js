/**
 * Parts that are one take: which there are, what is missing between them, and how long the whole is. Pure.
 *
 * @typedef {import("./live-state.js").Recording} Recording
 * @typedef {import("./live-state.js").Session} Session
 *
 * @typedef {object} Piece a stretch of the take's time line
 * @property {"part" | "gap" | "absent"} kind recorded; not recorded; recorded, and not here
 * @property {number} atMs where it begins in the whole
 * @property {number} ms how long it lasts; 0 where nobody knows
 * @property {string} words
 * @property {Recording} [recording]
 *
 * @typedef {object} Take
 * @property {string} takeId
 * @property {Recording[]} parts in their order
 * @property {Piece[]} pieces
 * @property {number} ms recorded, gaps left out
 * @property {number} gapMs
 * @property {number} bytes
 * @property {number} ts when its first part began
 * @property {number} absent how many parts are not here
 * @property {boolean} arriving whether another part is on its way
 */
import { clock } from "../shared/format.js";

/** @type {Record<string, string>} */
const CAUSES = {
  flip: "camera flipped",
  interrupted: "interrupted",
  hidden: "page in the background",
  rolled: "a long take goes on",
  recorder: "recorder restarted",
};

/**
 * @param {string | undefined} cause as the protocol names it
 * @returns {string} for people; "" where it is not known
 */
export function causeWords(cause) {
  return cause ? (CAUSES[cause] ?? cause.replaceAll("_", " ")) : "";
}

/**
 * Recordings as a list shows them: those of one take at the place of its newest part.
 * @param {Recording[]} recordings newest first
 * @param {Iterable<Session>} sessions what is on its way
 * @returns {(Recording | Take)[]}
 */
export function grouped(recordings, sessions) {
  /** @type {Map<string, Recording[]>} */
  const byTake = new Map();
  for (const recording of recordings) {
    const key = takeKey(recording);
    if (key) byTake.set(key, [...(byTake.get(key) ?? []), recording]);
  }
  const arriving = new Set([...sessions].map((session) => session.take?.takeId).filter(Boolean));
  /** @type {Set<string>} */
  const shown = new Set();
  /** @type {(Recording | Take)[]} */
  const list = [];
  for (const recording of recordings) {
    const key = takeKey(recording);
    if (!key) {
      list.push(recording);
      continue;
    }
    if (shown.has(key)) continue;
    shown.add(key);
    const parts = byTake.get(key) ?? [];
    const alone = parts.length === 1 && recording.take?.index === 0 && !arriving.has(recording.take.takeId);
    list.push(alone ? recording : take(parts, arriving.has(recording.take?.takeId)));
  }
  return list;
}

/** @param {Recording} recording a part that another device calls the same is none of this take */
function takeKey(recording) {
  return recording.take ? `${recording.take.takeId} ${recording.peer}` : "";
}

/**
 * @param {Recording[]} unordered at least one
 * @param {boolean} arriving
 * @returns {Take}
 */
export function take(unordered, arriving) {
  const parts = [...unordered].sort((a, b) => (a.take?.index ?? 0) - (b.take?.index ?? 0) || a.ts - b.ts);
  /** @type {Piece[]} */
  const pieces = [];
  let atMs = 0;
  let next = 0;
  let absent = 0;
  for (const part of parts) {
    const index = part.take?.index ?? 0;
    if (index > next) {
      const count = index - next;
      absent += count;
      const which = count === 1 ? `Part ${next + 1} is` : `Parts ${next + 1} to ${index} are`;
      pieces.push({ kind: "absent", atMs, ms: 0, words: `${clock(atMs)} – ${which} not here` });
    }
    const gapMs = part.take?.gapMs ?? 0;
    if (gapMs > 0) {
      const why = causeWords(part.take?.cause);
      pieces.push({ kind: "gap", atMs, ms: gapMs, words: `${clock(atMs)} – ${seconds(gapMs)} missing${why ? `: ${why}` : ""}` });
    }
    const ms = part.ms ?? 0;
    const end = ms > 0 ? clock(atMs + ms) : "?";
    pieces.push({ kind: "part", atMs, ms, words: `${clock(atMs)} to ${end}`, recording: part });
    atMs += ms;
    next = index + 1;
  }
  return {
    takeId: parts[0].take?.takeId ?? "",
    parts,
    pieces,
    ms: atMs,
    gapMs: pieces.reduce((sum, piece) => sum + (piece.kind === "gap" ? piece.ms : 0), 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    ts: parts[0].ts,
    absent,
    arriving,
  };
}

/**
 * @param {number} ms
 * @returns {string} "1.2 s", "40 s", "3:20"
 */
export function seconds(ms) {
  if (ms < 9_950) return `${Math.max(0.1, ms / 1000).toFixed(1)} s`;
  return ms < 90_000 ? `${Math.round(ms / 1000)} s` : clock(ms);
}
