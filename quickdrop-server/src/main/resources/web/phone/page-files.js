/** The files' desk with what it needs of a browser: a thread for checksums, storage, locks. */
import { FileHashes } from "../shared/file-hashes.js";
import { FileShelf } from "../shared/file-shelf.js";
import { FileDesk } from "./file-desk.js";
import { watchForFiles } from "./file-picker.js";

/** A page that was just left needs a moment to let go of its files; who still has them then is another page. */
const LETTING_GO_MS = 2_000;

/** @type {Record<string, string>} what the service worker says behind the `?` */
const SHARED = {
  "?shared=nothing": "What was shared holds no file.",
  "?shared=failed": "This phone has no room for what was shared. Send it with “Send files” here.",
};

/**
 * @param {() => import("./file-take.js").FileTake[]} takes
 * @param {(take: import("./file-take.js").FileTake) => void} add
 * @param {(words: string) => void} say
 */
export function startFiles(takes, add, say) {
  const desk = new FileDesk({
    hashes: new FileHashes(() => new Worker("/assets/shared/hash-worker.js", { type: "module" })),
    shelf: new FileShelf(),
    freeBytes,
    claim,
    takes,
    add,
  });
  watchForFiles((files) => void desk.send(files));
  if (location.search.startsWith("?shared")) {
    if (SHARED[location.search]) say(SHARED[location.search]);
    history.replaceState(null, "", location.pathname + location.hash);
  }
  void desk.restore();
}

/** @returns {Promise<number>} 0 where the browser does not say */
async function freeBytes() {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return Math.max(0, quota - usage);
}

/**
 * @param {string} sessionId
 * @returns {Promise<boolean>} whether it is this page's now, until the page goes
 */
function claim(sessionId) {
  if (!navigator.locks) return Promise.resolve(true); // the server lets one page have it at a time
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(LETTING_GO_MS);
    const untilThePageGoes = () => {
      resolve(true);
      return new Promise(() => {});
    };
    navigator.locks.request(`quickdrop-file-${sessionId}`, { signal }, untilThePageGoes).catch(() => resolve(false));
  });
}
