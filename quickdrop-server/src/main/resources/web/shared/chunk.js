/**
 * The binary frame of an upload: `u8 kind=1 · u8 flags (1: it mends) · u16 0 · u32 crc32c(payload) · u64 offset`, then the payload.
 * Numbers are big-endian.
 */
import { crc32c } from "./crc32c.js";

/** Length of the header, bytes. */
export const HEADER_BYTES = 16;

/** Longest payload that this page sends, bytes: on a slow uplink a chunk is still a fraction of a second. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;

const KIND = 1;
const FLAG_REPAIR = 1;

/**
 * @param {number} offset place of the payload's first byte in the recording, bytes
 * @param {Uint8Array} payload 1 to {@link MAX_PAYLOAD_BYTES} bytes
 * @param {boolean} [repair] whether it replaces what was sent before
 * @returns {Uint8Array<ArrayBuffer>} header and payload in one new array
 */
export function encodeChunk(offset, payload, repair = false) {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new RangeError(`chunk offset: found ${offset}; allowed are 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  if (payload.length < 1 || payload.length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`chunk payload: found ${payload.length} bytes; allowed are 1 to ${MAX_PAYLOAD_BYTES}`);
  }
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  const header = new DataView(frame.buffer, 0, HEADER_BYTES);
  header.setUint8(0, KIND);
  if (repair) header.setUint8(1, FLAG_REPAIR);
  header.setUint32(4, crc32c(payload));
  header.setBigUint64(8, BigInt(offset));
  frame.set(payload, HEADER_BYTES);
  return frame;
}
