/** How long the laptop's disk lasts, in words. Pure. */
import { size } from "./format.js";

/** What a second of video takes, until a take has shown it: 5 Mbit/s of picture and some sound. */
export const USUAL_BYTES_PER_SECOND = 650_000;
/** Less than this at the present rate is said early. */
const LOW_MS = 15 * 60_000;
/** As large as the reserve is at most: below it, even a big disk is nearly full. */
const LOW_BYTES = 512 * 1024 * 1024;

/**
 * @param {number} ms
 * @returns {string} "40 s", "12 min", "3 h 10 min", "4 days"
 */
export function roomSpan(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 2) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 48 * 60) return `${Math.floor(minutes / 1440)} days`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
}

/**
 * @param {number} freeBytes above the reserve
 * @param {number} bytesPerSecond of all that arrives now; 0 if nothing does
 * @param {number} [usualBytesPerSecond] of recordings before
 * @returns {{tone: "good" | "wait" | "bad", words: string, low: boolean}}
 */
export function capacity(freeBytes, bytesPerSecond, usualBytesPerSecond = USUAL_BYTES_PER_SECOND) {
  if (freeBytes <= 0) return { tone: "bad", words: "The disk is full", low: true };
  const ms = (1000 * freeBytes) / (bytesPerSecond || usualBytesPerSecond || USUAL_BYTES_PER_SECOND);
  const low = ms < LOW_MS || freeBytes < LOW_BYTES;
  return { tone: low ? "wait" : "good", words: `Room for ${roomSpan(ms)} of video (${size(freeBytes)})`, low };
}

/**
 * @param {{ms?: number, bytes: number}[]} recordings
 * @returns {number} bytes that a second of recording usually takes, the middle of what is there; 0 if nothing says so
 */
export function usualRate(recordings) {
  const rates = recordings
    .filter((recording) => (recording.ms ?? 0) > 2_000)
    .map((recording) => (1000 * recording.bytes) / /** @type {number} */ (recording.ms))
    .sort((a, b) => a - b);
  return rates.length === 0 ? 0 : rates[Math.floor(rates.length / 2)];
}
