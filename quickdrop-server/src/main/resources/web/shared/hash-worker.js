/**
 * Checksums of files, beside the page: one after the other, a block at a time.
 * In: {number, file}. Out: {number, bytes} as it goes on, then {number, head, sha256} or {number, error}.
 */
import { hashFile } from "./hash-file.js";

let before = Promise.resolve();

self.addEventListener("message", (event) => {
  const { number, file } = event.data;
  before = before.then(async () => {
    try {
      const hashes = await hashFile(file, (bytes) => postMessage({ number, bytes }));
      postMessage({ number, ...hashes });
    } catch (error) {
      postMessage({ number, error: `${/** @type {Error} */ (error).name}: ${/** @type {Error} */ (error).message}` });
    }
  });
});
