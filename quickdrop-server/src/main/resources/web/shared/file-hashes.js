/** The page's end of the worker that computes checksums of files. */

/** @typedef {{head: string, sha256: string}} Hashes see `hashFile` */

export class FileHashes {
  #startWorker;
  /** @type {Worker | null} */
  #worker = null;
  #number = 0;
  /** @type {Map<number, {resolve: (hashes: Hashes) => void, reject: (error: Error) => void, progress: (bytes: number) => void}>} */
  #waiting = new Map();

  /** @param {() => Worker} startWorker called with the first file */
  constructor(startWorker) {
    this.#startWorker = startWorker;
  }

  /**
   * @param {Blob} file
   * @param {(bytes: number) => void} progress so many are read
   * @returns {Promise<Hashes>} rejects when the file can't be read any more
   */
  of(file, progress) {
    const worker = (this.#worker ??= this.#start());
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject, progress });
      worker.postMessage({ number, file });
    });
  }

  #start() {
    const worker = this.#startWorker();
    worker.onmessage = ({ data }) => {
      const asked = this.#waiting.get(data.number);
      if (data.bytes !== undefined) return asked?.progress(data.bytes);
      this.#waiting.delete(data.number);
      if (data.error) asked?.reject(new Error(data.error));
      else asked?.resolve({ head: data.head, sha256: data.sha256 });
    };
    worker.onerror = (event) => {
      this.#worker = null;
      const all = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { reject } of all) reject(new Error(event.message || "the thread for checksums could not be started"));
    };
    return worker;
  }
}
