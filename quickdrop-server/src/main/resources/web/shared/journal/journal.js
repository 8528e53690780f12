/**
 * The page's end of the journal: takes and files lie on this phone's disk before anything of them is sent, and until the
 * laptop has called them saved. Every answer is a promise; a call that fails rejects with a `DOMException` whose name says
 * why (`QuotaExceededError`, `NotFoundError`, `DataError` …).
 */
import { JournalledByteStore } from "./journalled-byte-store.js";
import { Ledger } from "./ledger.js";

/**
 * @typedef {object} JournalledTake what a page before this one left behind
 * @property {string} id
 * @property {Record<string, any>} facts
 * @property {number} bytes whole ones
 * @property {number} changedTs when the last byte was written
 */

export class Journal {
  /**
   * Where bytes are kept: `opening`, `opfs`, `indexeddb`, or `none`: in this page's memory.
   * @type {"opening" | "opfs" | "indexeddb" | "none"}
   */
  kind = "opening";
  /** What the browser said that has storage and does not let us use it. @type {string | null} */
  refused = null;
  /** Fulfilled when `kind` is known. */
  ready;
  /** @type {DOMException | null} the last thing that went wrong while a take was written */
  trouble = null;

  #worker;
  #ledger = new Ledger();
  #number = 0;
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void, progress?: (value: any) => void}>} */
  #calls = new Map();

  /** @param {() => Worker} startWorker may throw */
  constructor(startWorker) {
    try {
      this.#worker = startWorker();
      this.#worker.onmessage = (event) => this.#answered(event.data);
      this.#worker.onerror = () => this.#died();
    } catch (error) {
      console.warn("the journal has no thread of its own", error);
      this.#worker = null;
    }
    this.ready = this.#call("open", []).then(
      ({ kind, refused }) => {
        this.kind = kind;
        this.refused = refused;
      },
      () => {
        this.kind = "none";
      },
    );
  }

  /**
   * A store for a new take.
   * @param {string} id
   * @param {Record<string, any>} facts what is known of it
   * @returns {JournalledByteStore}
   */
  begin(id, facts) {
    return new JournalledByteStore(this, id, 0, this.#call("create", [id, facts]));
  }

  /**
   * @param {JournalledTake} take
   * @returns {JournalledByteStore} what was kept of it; nothing may be added
   */
  again({ id, bytes }) {
    return new JournalledByteStore(this, id, bytes, Promise.resolve());
  }

  /** @returns {Promise<string[]>} ids of all takes on this phone, those of other pages included */
  async list() {
    await this.ready;
    return this.kind === "none" ? [] : this.#call("list", []);
  }

  /** @returns {string[]} ids of takes that were kept here, say the notes on the side, and are not any more */
  async missing() {
    await this.ready;
    const noted = this.#ledger.ids();
    if (noted.length === 0) return [];
    const [there, removed] = await Promise.all([this.list(), this.kind === "none" ? [] : this.#call("removed", [])]);
    this.forget(removed);
    return noted.filter((id) => !there.includes(id) && !removed.includes(id));
  }

  /** Forgets about takes that are gone anyway. @param {string[]} ids */
  forget(ids) {
    for (const id of ids) this.#ledger.strike(id);
  }

  /**
   * Waits until no other page has the take, and makes it this page's.
   * @param {string} id
   * @returns {Promise<JournalledTake | null>} null: it is gone
   */
  async claim(id) {
    const found = await this.#call("claim", [id]);
    return found && { id, ...found };
  }

  /**
   * @param {string} id
   * @param {Uint8Array} bytes
   * @returns {Promise<void>} when they are on the disk
   */
  async append(id, bytes) {
    try {
      await this.#call("append", [id, bytes]);
    } catch (error) {
      this.trouble = /** @type {DOMException} */ (error);
      throw error;
    }
    this.#ledger.enter(id);
  }

  /**
   * @param {string} id
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<Uint8Array>}
   */
  read(id, offset, length) {
    return this.#call("read", [id, offset, length]);
  }

  /**
   * @param {string} id
   * @param {Record<string, any>} facts
   * @returns {Promise<void>} when they are on the disk
   */
  describe(id, facts) {
    return this.#call("describe", [id, facts]);
  }

  /**
   * @param {string} id
   * @param {(bytes: number) => void} progress so much is hashed
   * @returns {Promise<string>} SHA-256 of the whole, in hex
   */
  hash(id, progress) {
    return this.#call("hash", [id], progress);
  }

  /**
   * For ever.
   * @param {string} id
   * @returns {Promise<void>}
   */
  remove(id) {
    this.#ledger.strike(id);
    return this.#call("remove", [id]);
  }

  /**
   * @param {string} call
   * @param {unknown[]} args
   * @param {(value: any) => void} [progress]
   * @returns {Promise<any>}
   */
  #call(call, args, progress) {
    const worker = this.#worker;
    if (!worker) return Promise.reject(new DOMException("the journal does not run", "InvalidStateError"));
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#calls.set(number, { resolve, reject, progress });
      worker.postMessage({ number, call, args });
    });
  }

  /** @param {{number: number, progress?: unknown, answer?: unknown, error?: {name: string, message: string}}} message */
  #answered({ number, progress, answer, error }) {
    const call = this.#calls.get(number);
    if (progress !== undefined) return call?.progress?.(progress);
    this.#calls.delete(number);
    if (error) call?.reject(new DOMException(error.message, error.name));
    else call?.resolve(answer);
  }

  /** Its thread could not be started, or ended: what is on the disk stays there for the next page. */
  #died() {
    this.#worker = null;
    this.kind = "none";
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject } of calls) reject(new DOMException("the journal's thread ended", "InvalidStateError"));
  }
}
