/** What the checks of the connection mean, in words. Pure. */
import { rate, size, span } from "../shared/format.js";

/**
 * @typedef {object} Facts what was found; null: could not be found out
 * @property {string} address of the page
 * @property {boolean} secure whether the browser gives this page camera and storage
 * @property {{ms: number} | null} https the laptop's answer to a plain request
 * @property {{ms: number} | null} websocket
 * @property {"websocket" | "https"} way of the bytes
 * @property {import("./offline.js").OfflineState} offline
 * @property {{id: string, before: string | null} | null} server who answered, and who did the last time
 * @property {number | null} clockMs how much the laptop's clock is ahead of the phone's
 * @property {{freeBytes: number, lasting: boolean | null, kind: string} | null} storage
 * @property {string | null} camera permission: granted, denied, prompt
 * @property {number | null} bytesPerSecond
 *
 * @typedef {{name: string, state: "good" | "warn" | "bad" | "unknown", words: string}} Finding
 */

/** Further apart and times in names and lists mislead. */
const CLOCK_TOLERANCE_MS = 90_000;
const SLOW_ANSWER_MS = 800;
/** Slower than a recording grows. */
const SLOW_BYTES_PER_SECOND = 650_000;
const LITTLE_STORAGE_BYTES = 500_000_000;

/**
 * @param {Facts} facts
 * @returns {Finding[]}
 */
export function diagnose(facts) {
  return [
    secure(facts),
    reached(facts),
    websocket(facts),
    server(facts),
    certificate(facts),
    clock(facts),
    storage(facts),
    camera(facts),
    speed(facts),
  ];
}

/**
 * @param {Finding[]} findings
 * @param {Facts} facts
 * @param {{when: string, browser: string}} about
 * @returns {string} for a message to somebody who can help
 */
export function report(findings, facts, { when, browser }) {
  const lines = findings.map(({ name, state, words }) => `[${state}] ${name}: ${words}`);
  return [`QuickDrop, connection of a phone, ${when}`, facts.address, browser, ...lines].join("\n");
}

/** @param {Facts} facts @returns {Finding} */
function secure({ secure: is }) {
  const name = "Secure page";
  return is
    ? { name, state: "good", words: "The browser trusts this page with camera and storage." }
    : { name, state: "bad", words: "The address must begin with https. Scan the code on the laptop again." };
}

/** @param {Facts} facts @returns {Finding} */
function reached({ https }) {
  const name = "Laptop";
  if (!https) {
    return {
      name,
      state: "bad",
      words:
        "It does not answer. Is it awake and in the same network? Guest networks keep devices apart, and a firewall on the laptop may ask for permission.",
    };
  }
  const slow = https.ms > SLOW_ANSWER_MS;
  return { name, state: slow ? "warn" : "good", words: `Answers in ${Math.round(https.ms)} ms${slow ? ": that is slow" : ""}.` };
}

/** @param {Facts} facts @returns {Finding} */
function websocket({ websocket: opened, https, way }) {
  const name = "WebSocket";
  if (opened) return { name, state: "good", words: `Opens in ${Math.round(opened.ms)} ms.` };
  if (!https) return { name, state: "unknown", words: "Not checked: the laptop does not answer at all." };
  const instead = way === "https" ? " Takes and files go over plain HTTPS meanwhile, which is a little slower." : "";
  return {
    name,
    state: way === "https" ? "warn" : "bad",
    words: `Blocked, although the page loads: by a filter in the network, or because this phone does not trust the laptop’s certificate.${instead}`,
  };
}

/** @param {Facts} facts @returns {Finding} */
function server({ server: who }) {
  const name = "Which laptop";
  if (!who) return { name, state: "unknown", words: "It has not said who it is." };
  if (who.before !== null && who.before !== who.id) {
    return {
      name,
      state: "warn",
      words: `Another laptop, or another folder, answers under this address than before (${who.id}, before ${who.before}). Pair this phone with it.`,
    };
  }
  return { name, state: "good", words: `The one that this phone knows (${who.id}).` };
}

/** @param {Facts} facts @returns {Finding} */
function certificate({ offline }) {
  const name = "Certificate";
  switch (offline) {
    case "kept":
      return { name, state: "good", words: "Trusted. This page opens while the laptop is away, too." };
    case "untrusted":
      return {
        name,
        state: "warn",
        words: "Not trusted yet: this page opens only while the laptop is there. Install the laptop’s certificate once to change that.",
      };
    case "unsupported":
      return { name, state: "unknown", words: "This browser keeps no pages for times without the laptop." };
    default:
      return { name, state: "unknown", words: "Not known yet." };
  }
}

/** @param {Facts} facts @returns {Finding} */
function clock({ clockMs }) {
  const name = "Clocks";
  if (clockMs === null) return { name, state: "unknown", words: "Not compared." };
  const apart = Math.abs(clockMs);
  if (apart <= CLOCK_TOLERANCE_MS) return { name, state: "good", words: `${span(apart)} apart.` };
  const who = clockMs > 0 ? "The laptop’s clock is ahead of" : "The laptop’s clock is behind";
  return { name, state: "warn", words: `${who} the phone’s by ${span(apart)}: takes will bear odd times. Nothing is lost by it.` };
}

/** @param {Facts} facts @returns {Finding} */
function storage({ storage: found }) {
  const name = "Storage on this phone";
  if (!found || found.kind === "none") {
    return { name, state: "warn", words: "None for this page, as in private windows: what is not sent is gone with the page." };
  }
  const words = `${size(found.freeBytes)} for takes and files on their way`;
  if (found.freeBytes < LITTLE_STORAGE_BYTES) return { name, state: "warn", words: `${words}: that is little.` };
  return { name, state: "good", words: `${words}${found.lasting ? ", kept for good" : "; the browser may clear it when it is short of room"}.` };
}

/** @param {Facts} facts @returns {Finding} */
function camera({ camera: permission }) {
  const name = "Camera";
  if (permission === "granted") return { name, state: "good", words: "Allowed." };
  if (permission === "denied") return { name, state: "bad", words: "Forbidden for this page: allow it in the browser’s settings of this site." };
  if (permission === "prompt") return { name, state: "good", words: "The browser asks when you record." };
  return { name, state: "unknown", words: "This browser does not say before you record." };
}

/** @param {Facts} facts @returns {Finding} */
function speed({ bytesPerSecond }) {
  const name = "Speed";
  if (bytesPerSecond === null) return { name, state: "unknown", words: "Not measured." };
  const slow = bytesPerSecond < SLOW_BYTES_PER_SECOND;
  return {
    name,
    state: slow ? "warn" : "good",
    words: `About ${rate(bytesPerSecond)}${slow ? ": recordings grow faster than that and catch up afterwards" : ""}.`,
  };
}
