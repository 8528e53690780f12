/** The SHA-256 of each block of a part of a recording, read piece by piece from where its bytes wait. */
import { Sha256 } from "./sha256.js";

const PIECE_BYTES = 256 * 1024;

/**
 * @param {(offset: number, length: number) => Promise<Uint8Array>} read
 * @param {{offset: number, bytes: number, blockBytes: number}} part
 * @param {() => boolean} wanted asked between the pieces
 * @returns {Promise<string[] | null>} 64 lower-case hex digits each; null if it was not wanted any more
 */
export async function hashBlocks(read, { offset, bytes, blockBytes }, wanted) {
  const end = offset + bytes;
  const hashes = [];
  for (let from = offset; from < end; from += blockBytes) {
    const hash = new Sha256();
    const to = Math.min(end, from + blockBytes);
    for (let at = from; at < to; at += PIECE_BYTES) {
      hash.update(await read(at, Math.min(PIECE_BYTES, to - at)));
      if (!wanted()) return null;
    }
    hashes.push(hash.hex());
  }
  return hashes;
}
