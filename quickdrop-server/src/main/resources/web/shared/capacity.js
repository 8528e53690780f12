/** How long the laptop's disk lasts, in words. Pure. */
import { hoursAndMinutes, size } from "./format.js";

/** What a second of video takes, until a take has shown it: 5 Mbit/s of picture and some sound. */
export const USUAL_BYTES_PER_SECOND = 650_000;
/** Less than this at the present rate is said early. */
const LOW_MS = 15 * 60_000;
/** As large as the reserve is at most: below it, even a big disk is nearly full. */
const LOW_BYTES = 512 * 1024 * 1024;

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
  return { tone: low ? "wait" : "good", words: `Room for ${hoursAndMinutes(ms)} of video (${size(freeBytes)})`, low };
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
