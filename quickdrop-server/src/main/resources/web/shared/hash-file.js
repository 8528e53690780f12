/** SHA-256 of a file that may be longer than the memory. */
import { Sha256 } from "./sha256.js";

const BLOCK_BYTES = 1024 * 1024;

/** How much of a file's beginning tells it apart from another of the same name, length and date. */
export const HEAD_BYTES = BLOCK_BYTES;

/**
 * @param {Blob} file
 * @param {(bytes: number) => void} progress so many are read
 * @returns {Promise<{head: string, sha256: string}>} of its first {@link HEAD_BYTES}, and of the whole
 */
export async function hashFile(file, progress) {
  const whole = new Sha256();
  let head = "";
  let at = 0;
  do {
    const block = new Uint8Array(await file.slice(at, at + BLOCK_BYTES).arrayBuffer());
    if (block.length !== Math.min(BLOCK_BYTES, file.size - at)) {
      throw new DOMException(`found ${block.length} bytes at ${at} of ${file.size}`, "NotReadableError");
    }
    if (at === 0) head = new Sha256().update(block).hex();
    whole.update(block);
    at += block.length;
    progress(at);
  } while (at < file.size);
  return { head, sha256: whole.hex() };
}

/**
 * @param {Blob} file
 * @returns {Promise<string>} SHA-256 of its first {@link HEAD_BYTES}
 */
export async function hashHead(file) {
  return new Sha256().update(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())).hex();
}
