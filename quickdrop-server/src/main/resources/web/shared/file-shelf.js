/**
 * Files on their way, in this browser's own storage (IndexedDB): what is known of each, and, where there is room for it,
 * a copy. A record is there whole or not at all; the browser copies a file by itself, without its bytes passing the page.
 *
 * @typedef {object} ShelvedFile
 * @property {string} sessionId of its upload
 * @property {number} startedTs milliseconds since 1970
 * @property {{name: string, size: number, lastModified: number, type: string}} known
 * @property {string | null} head SHA-256 of its first MiB, once known
 * @property {Blob | null} content null: the person has to pick it again after a reload
 */

const NAME = "quickdrop-files";
const FILES = "files";

export class FileShelf {
  /** @type {Promise<IDBDatabase> | null} */
  #database = null;

  /** @returns {Promise<ShelvedFile[]>} oldest first */
  async list() {
    const files = /** @type {ShelvedFile[]} */ (await this.#do("readonly", (store) => store.getAll()));
    return files.sort((a, b) => a.startedTs - b.startedTs || (a.sessionId < b.sessionId ? -1 : 1));
  }

  /**
   * @param {ShelvedFile} file
   * @returns {Promise<unknown>} when it is on the disk; rejects with QuotaExceededError where there is no room
   */
  put(file) {
    return this.#do("readwrite", (store) => store.put(file));
  }

  /** @param {string} sessionId */
  remove(sessionId) {
    return this.#do("readwrite", (store) => store.delete(sessionId));
  }

  /**
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest} work
   * @returns {Promise<unknown>} what it answered, once the transaction is complete
   */
  async #do(mode, work) {
    const database = await (this.#database ??= open());
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(FILES, mode, mode === "readwrite" ? { durability: "strict" } : {});
      const request = work(transaction.objectStore(FILES));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new DOMException("given up by the browser", "AbortError"));
    });
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(FILES, { keyPath: "sessionId" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}
