/** What the states of the machines mean for the person holding the phone. Pure. */
import { capacity, roomSpan, USUAL_BYTES_PER_SECOND } from "../shared/capacity.js";
import { shortHash, size, span } from "../shared/format.js";
import { receiptOf } from "../shared/receipt.js";

/** @typedef {"good" | "wait" | "bad"} Tone */

/**
 * @param {{state: import("../shared/reconnector.js").LinkState, refusal: string | null, failures: number,
 *     way?: "websocket" | "https"}} link
 * @returns {{words: string, tone: Tone}}
 */
export function connectionWords({ state, refusal, failures, way }) {
  // No countdown: screen readers would read every second of it.
  const away = /** @type {{words: string, tone: Tone}} */ ({ words: "Out of reach, trying again", tone: "wait" });
  switch (state) {
    case "open":
      return { words: way === "https" ? "Connected over HTTPS" : "Connected", tone: "good" };
    case "connecting":
      return failures === 0 ? { words: "Connecting…", tone: "wait" } : away;
    case "waiting":
      return away;
    case "superseded":
      return { words: "Another page took over", tone: "bad" };
    case "refused":
      return { words: refusal === "revoked" ? "Removed on the laptop" : "Not paired", tone: "bad" };
    case "idle":
      return { words: "Not connected", tone: "wait" };
  }
}

/** @type {Record<string, string>} why a take can't be brought over */
const FAILURES = {
  integrity_mismatch: "The laptop’s copy differs from this phone’s, also after it was mended. It was not saved there.",
  content_conflict: "The laptop already has other bytes under this name.",
  too_large: "This recording is longer than the laptop accepts.",
  forbidden: "The laptop does not accept this recording from this phone.",
  session_limit: "The laptop is busy with too many recordings.",
  session_unknown: "This recording was ended on the laptop; what had come is kept there as a partial one.",
  acknowledged_lost: "The laptop lost bytes that it had confirmed.",
  phone_lost_bytes: "This phone’s browser lost a part of it before it was sent. What came before that is on the laptop, as a partial recording.",
  server_ahead: "The laptop speaks of bytes that were never recorded.",
};

/**
 * @param {{reason: string, detail?: string}} failure
 * @returns {string}
 */
export function failureWords(failure) {
  return FAILURES[failure.reason] ?? `The laptop refused it (${failure.detail ?? failure.reason}).`;
}

/**
 * @param {{senderState: import("../shared/upload-sender.js").SenderState, stallReason: string | null, online: boolean,
 *     paused: boolean, allSent: boolean, checkedPercent: number | null}} file
 * @returns {string} a few words for the head of a file's card
 */
export function fileWords({ senderState, stallReason, online, paused, allSent, checkedPercent }) {
  if (senderState === "saved") return "Safe on the laptop";
  if (senderState === "failed") return "Not on the laptop";
  if (paused) return "Pick the file again to go on";
  if (senderState === "stalled" && stallReason === "storage_full") return "Laptop’s disk is full: waiting";
  if (senderState === "stalled" && stallReason === "storage_failed") return "Laptop’s disk fails: waiting";
  if (!online) return "Waits for the laptop";
  if (senderState === "ending") return "Laptop checks the copy…";
  if (senderState === "repairing") return "Mending what was damaged on the way…";
  if (allSent) return checkedPercent === null ? "Waits for the end" : `Reading it for the checksum: ${checkedPercent} %`;
  return senderState === "waiting" ? "Waits for its turn" : "Sending";
}

/**
 * @param {{recording: boolean, stopping: boolean, senderState: import("../shared/upload-sender.js").SenderState,
 *     stallReason: string | null, online: boolean, first: boolean}} take
 * @returns {string} a few words for the head of a take's card
 */
export function takeWords({ recording, stopping, senderState, stallReason, online, first }) {
  if (senderState === "saved") return "Safe on the laptop";
  if (senderState === "failed") return "Only on this phone";
  if (senderState === "stalled" && stallReason === "storage_full") return "Laptop’s disk is full: waiting";
  if (senderState === "stalled" && stallReason === "storage_failed") return "Laptop’s disk fails: waiting";
  if (recording) return online ? "Recording and sending" : "Recording, sent later";
  if (stopping) return "Closing the recording…";
  if (!online) return "Waits for the laptop";
  if (!first) return "Waits for the take before";
  if (senderState === "ending") return "Laptop checks the copy…";
  if (senderState === "repairing") return "Mending what was damaged on the way…";
  return "Sending";
}

/**
 * @param {{unsafeBytes: number, heldBytes: number, takes: number, failed: number, unfinished: number, paused: number,
 *     memoryOnlyBytes: number, recording: boolean, online: boolean}} all `unfinished` counts `paused` ones as well
 * @returns {{title: string, detail: string}}
 */
export function summaryWords({ unsafeBytes, heldBytes, takes, failed, unfinished, paused, memoryOnlyBytes, recording, online }) {
  if (takes === 0) {
    return {
      title: "Nothing sent yet",
      detail: "Takes and files appear here with how much of them is safe on the laptop.",
    };
  }
  if (unfinished === 0 && failed === 0) {
    return { title: "Everything is safe on the laptop", detail: "You can close this page." };
  }
  if (unsafeBytes === 0 && failed === 0 && paused === 0) {
    if (recording) {
      return { title: "Safe so far", detail: "What is recorded is on the laptop. Keep this page open until the take is over." };
    }
    return { title: "Nearly safe", detail: "The laptop still has to confirm the whole. Keep this page open." };
  }
  const title = unsafeBytes > 0 ? `${size(unsafeBytes)} only on this phone` : "Not finished yet";
  const kept =
    memoryOnlyBytes > 0 ? `Keep this page open. Memory in use: ${size(heldBytes)}.` : "They are kept here, also when this page is closed.";
  if (unfinished === 0) return { title, detail: `Below is what can be done. ${kept}` };
  if (paused === unfinished) return { title, detail: `Resume below what was not finished, or discard it. ${kept}` };
  return {
    title,
    detail: online
      ? `Sending. ${kept}`
      : `They stay on this phone until safe; sending goes on by itself when the laptop is back. ${kept}`,
  };
}

/**
 * @param {{fileName: string, bytes: number, sha256: string}} receipt
 * @param {string | null} sha256 of this phone
 * @returns {{title: string, receipt: string, detail: string}} `receipt` is what the laptop shows too
 */
export function receiptWords(receipt, sha256) {
  const same = receipt.sha256 === sha256;
  return {
    title: same ? "Identical on phone and laptop" : "The checksums differ",
    receipt: receiptOf(receipt.sha256),
    detail: `${size(receipt.bytes)} · SHA-256 ${shortHash(receipt.sha256)}`,
  };
}

/** @type {Record<string, string>} why a take has another part */
const CAUSES = {
  flip: "camera flipped",
  interrupted: "the phone took the camera or the microphone away",
  hidden: "the page was in the background",
  rolled: "the part before was as long as the laptop takes",
  recorder: "the browser’s recorder gave up",
};

/**
 * @param {number} gapMs
 * @param {string} cause as in `start` (docs/protocol.md)
 * @returns {string} for example "0.8 s not recorded: camera flipped"
 */
export function gapWords(gapMs, cause) {
  const long = gapMs < 9_950 ? `${(gapMs / 1000).toFixed(1)} s` : span(gapMs);
  return `${long} not recorded: ${CAUSES[cause] ?? "the recorder started anew"}`;
}

/**
 * @param {number} freeBytes of the laptop
 * @param {number} bytesPerSecond of the take that is being recorded, 0 if none is
 * @returns {string}
 */
export function roomWords(freeBytes, bytesPerSecond) {
  if (freeBytes <= 0) return "The laptop’s disk is full. Takes wait on this phone until there is room.";
  const room = roomSpan((1000 * freeBytes) / (bytesPerSecond || USUAL_BYTES_PER_SECOND));
  if (capacity(freeBytes, bytesPerSecond).low) {
    return `The laptop’s disk is nearly full: room for about ${room} of video. What does not fit waits on this phone.`;
  }
  return `The laptop has room for about ${room} of video.`;
}

/**
 * @param {number} unsafeBytes of a take that an earlier page left
 * @returns {string} for the head of its card
 */
export function unfinishedWords(unsafeBytes) {
  return unsafeBytes > 0 ? `Unfinished take, ${size(unsafeBytes)} left` : "Unfinished take";
}

/**
 * @param {{bytes: number, safeBytes: number}} take
 * @returns {string} the question before it is deleted
 */
export function discardWords({ bytes, safeBytes }) {
  if (safeBytes === 0) return `Discard this take? It exists only on this phone, all ${size(bytes)} of it.`;
  return `Discard this take? ${size(bytes - safeBytes)} of it exist only on this phone. The ${size(safeBytes)} that the laptop has stay there, as a partial recording.`;
}

/** Below this, a browser keeps unusually little: private windows do. */
const LITTLE_ROOM_BYTES = 500_000_000;

/**
 * What becomes of unsent video when this page is closed.
 * @param {{kind: "opening" | "opfs" | "indexeddb" | "none", refused: string | null, persisted: boolean | null,
 *     roomBytes: number | null, trouble: string | null}} keeping `trouble` and `refused`: names of errors
 * @returns {{words: string, tone: "plain" | "bad"}} no words: nothing to say
 */
export function keepingWords({ kind, refused, persisted, roomBytes, trouble }) {
  const plain = (/** @type {string} */ words) => ({ words, tone: /** @type {const} */ ("plain") });
  const bad = (/** @type {string} */ words) => ({ words, tone: /** @type {const} */ ("bad") });
  if (kind === "opening") return plain("");
  if (kind === "none") {
    return bad(
      refused
        ? "This browser refuses to store video, as private windows do. What is not on the laptop yet is lost when this page closes."
        : "This browser cannot store video. What is not on the laptop yet is lost when this page closes.",
    );
  }
  if (trouble === "QuotaExceededError") {
    return bad("This phone has no more room for unsent video. What is recorded now waits in memory only: keep this page open.");
  }
  if (trouble) return bad("This phone’s storage fails. What is recorded now waits in memory only: keep this page open.");
  if (roomBytes !== null && roomBytes < LITTLE_ROOM_BYTES) {
    return bad(
      `This browser keeps only ${size(roomBytes)} of unsent video. Free some space on this phone; if this is a private window, use a normal one.`,
    );
  }
  const room = roomBytes === null ? "This phone keeps unsent video" : `This phone keeps up to ${size(roomBytes)} of unsent video`;
  if (refused) return plain(`${room}, but not for long if this is a private window: those forget everything when closed.`);
  if (persisted) return plain(`${room}, also when this page is closed.`);
  return plain(`${room}, also when this page is closed. The browser may clear it should this phone run out of space.`);
}

/**
 * @param {number} elsewhere takes that another page has
 * @returns {string}
 */
export function elsewhereWords(elsewhere) {
  if (elsewhere === 0) return "";
  return `Another page of this phone is taking care of ${elsewhere === 1 ? "an unfinished take" : `${elsewhere} unfinished takes`}.`;
}

/**
 * @param {number} lost takes that the browser deleted
 * @returns {{title: string, words: string}}
 */
export function lostWords(lost) {
  return {
    title: lost === 1 ? "An unsent take is gone" : `${lost} unsent takes are gone`,
    words:
      "This browser deleted what it kept for this page, to make room or because somebody cleared it. What had reached the laptop is still there, as a partial recording.",
  };
}
