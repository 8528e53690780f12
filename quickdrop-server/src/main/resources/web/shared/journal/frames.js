/**
 * How a take lies in its journal file, so that whatever a kill or a power cut leaves behind can be told from what was
 * written whole. Pure. Numbers are big-endian.
 *
 * | bytes | |
 * |---|---|
 * | 0 … 4095, 4096 … 8191 | two slots for what is known of the take; the newer whole one counts, the other is written next |
 * | 8192 … | frames, one behind the other: header of 32 bytes, payload |
 *
 * Slot: magic, CRC-32C of all that follows, sequence (u64), length (u32), JSON. Frame header: magic, payload length,
 * offset in the recording (u64), when it was written (u64, milliseconds since 1970), CRC-32C of the payload, CRC-32C of the
 * header so far.
 */
import { crc32c } from "../crc32c.js";

export const SLOT_BYTES = 4096;
/** Where the first frame starts. */
export const FRAMES_START = 2 * SLOT_BYTES;
export const FRAME_HEADER_BYTES = 32;
/** Longer pieces are split: a frame is checked as a whole whenever a part of it is read. */
export const MAX_FRAME_BYTES = 1024 * 1024;

const FRAME_MAGIC = 0x51444631; // "QDF1"
const SLOT_MAGIC = 0x51444d31; // "QDM1"
const SLOT_HEADER_BYTES = 20;

/**
 * @param {number} offset of the payload's first byte in the recording
 * @param {number} ts milliseconds since 1970
 * @param {Uint8Array} payload
 * @returns {Uint8Array} the header that stands before it
 */
export function encodeFrameHeader(offset, ts, payload) {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, FRAME_MAGIC);
  view.setUint32(4, payload.length);
  view.setBigUint64(8, BigInt(offset));
  view.setBigUint64(16, BigInt(ts));
  view.setUint32(24, crc32c(payload));
  view.setUint32(28, crc32c(header.subarray(0, 28)));
  return header;
}

/**
 * @param {Uint8Array} header
 * @returns {{length: number, offset: number, ts: number, crc: number} | null} null: not written whole
 */
export function decodeFrameHeader(header) {
  if (header.length < FRAME_HEADER_BYTES) return null;
  const view = new DataView(header.buffer, header.byteOffset, FRAME_HEADER_BYTES);
  if (view.getUint32(0) !== FRAME_MAGIC || view.getUint32(28) !== crc32c(header.subarray(0, 28))) return null;
  return {
    length: view.getUint32(4),
    offset: Number(view.getBigUint64(8)),
    ts: Number(view.getBigUint64(16)),
    crc: view.getUint32(24),
  };
}

/**
 * @param {number} sequence grows with each writing
 * @param {Record<string, any>} facts what JSON can hold
 * @returns {Uint8Array} a slot's bytes, as many as are needed
 */
export function encodeSlot(sequence, facts) {
  const json = new TextEncoder().encode(JSON.stringify(facts));
  if (json.length > SLOT_BYTES - SLOT_HEADER_BYTES) {
    throw new RangeError(`facts of a take: found ${json.length} bytes; allowed are ${SLOT_BYTES - SLOT_HEADER_BYTES}`);
  }
  const slot = new Uint8Array(SLOT_HEADER_BYTES + json.length);
  const view = new DataView(slot.buffer);
  view.setUint32(0, SLOT_MAGIC);
  view.setBigUint64(8, BigInt(sequence));
  view.setUint32(16, json.length);
  slot.set(json, SLOT_HEADER_BYTES);
  view.setUint32(4, crc32c(slot.subarray(8)));
  return slot;
}

/**
 * @param {Uint8Array} slot
 * @returns {{sequence: number, facts: Record<string, any>} | null} null: empty, or not written whole
 */
export function decodeSlot(slot) {
  if (slot.length < SLOT_HEADER_BYTES) return null;
  const view = new DataView(slot.buffer, slot.byteOffset, slot.length);
  const length = view.getUint32(16);
  if (view.getUint32(0) !== SLOT_MAGIC || SLOT_HEADER_BYTES + length > slot.length) return null;
  if (view.getUint32(4) !== crc32c(slot.subarray(8, SLOT_HEADER_BYTES + length))) return null;
  const json = new TextDecoder().decode(slot.subarray(SLOT_HEADER_BYTES, SLOT_HEADER_BYTES + length));
  return { sequence: Number(view.getBigUint64(8)), facts: JSON.parse(json) };
}
