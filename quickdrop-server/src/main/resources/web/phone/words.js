/** What the states of the machines mean for the person holding the phone. Pure. */
import { capacity, roomSpan, USUAL_BYTES_PER_SECOND } from "../shared/capacity.js";
import { shortHash, size, span } from "../shared/format.js";

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
  integrity_mismatch: "The laptop’s copy differs from this phone’s. It was not saved there.",
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
  return "Sending";
}

/**
 * @param {{unsafeBytes: number, heldBytes: number, takes: number, failed: number, unfinished: number,
 *     recording: boolean, online: boolean}} all
 * @returns {{title: string, detail: string}}
 */
export function summaryWords({ unsafeBytes, heldBytes, takes, failed, unfinished, recording, online }) {
  if (takes === 0) {
    return {
      title: "Nothing sent yet",
      detail: "Takes and files appear here with how much of them is safe on the laptop.",
    };
  }
  if (unfinished === 0 && failed === 0) {
    return { title: "Everything is safe on the laptop", detail: "You can close this page." };
  }
  if (unsafeBytes === 0 && failed === 0) {
    if (recording) {
      return { title: "Safe so far", detail: "What is recorded is on the laptop. Keep this page open until the take is over." };
    }
    return { title: "Nearly safe", detail: "The laptop still has to confirm the whole. Keep this page open." };
  }
  if (unfinished === 0) {
    return {
      title: `${size(unsafeBytes)} only on this phone`,
      detail: `Keep this page open. Below is what can be done. Memory in use: ${size(heldBytes)}.`,
    };
  }
  const memory = `Memory in use: ${size(heldBytes)}.`;
  return {
    title: `${size(unsafeBytes)} only on this phone`,
    detail: online
      ? `Keep this page open until they are safe. ${memory}`
      : `They stay on this phone until safe; sending goes on by itself when the laptop is back. ${memory}`,
  };
}

/**
 * @param {{fileName: string, bytes: number, sha256: string}} receipt
 * @param {string | null} sha256 of this phone
 * @returns {{title: string, detail: string}}
 */
export function receiptWords(receipt, sha256) {
  const same = receipt.sha256 === sha256;
  return {
    title: same ? "Identical on phone and laptop" : "The checksums differ",
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
