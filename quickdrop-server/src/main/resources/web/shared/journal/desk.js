/**
 * The journal's work, one take at a time in the order of the calls: opens shelves, holds the lock of each take that is
 * this page's, and answers. Runs in the worker.
 */
import { Sha256 } from "../sha256.js";
import { IdbShelf } from "./idb-shelf.js";
import { OpfsShelf } from "./opfs-shelf.js";

/** Read and hashed at once; between two of these other takes have their turn. */
const HASH_STEP_BYTES = 1024 * 1024;
/** A page that was just left may still be letting go of its files. */
const LOCKED_FILE_TRIES = 20;
const LOCKED_FILE_WAIT_MS = 100;

/**
 * Not a take: which takes were removed on purpose. Browsers write their small storage seconds late, so that after a kill
 * the notes on the side may still speak of a take that is long saved.
 */
const REMOVED = "removed";
/** As many as are remembered: more are never removed within those seconds. */
const REMOVED_IDS = 60;

/** @typedef {OpfsShelf | IdbShelf} Shelf */
/** @typedef {Awaited<ReturnType<Shelf["open"]>>["take"]} OpenTake */

export class JournalDesk {
  /** Those that work here, the best first. @type {Shelf[]} */
  #shelves = [];
  /** @type {Map<string, {take: OpenTake, shelf: Shelf}>} */
  #open = new Map();
  /** Calls about one take, one after the other. @type {Map<string, Promise<unknown>>} */
  #turns = new Map();
  /** Ends the hold of each take's lock. @type {Map<string, () => void>} */
  #locks = new Map();

  /**
   * @returns {Promise<{kind: string, refused: string | null}>} where new takes go (`opfs`, `indexeddb`, or `none`), and
   *     what was said by storage that this browser has and does not let us use, as in private windows
   */
  async open() {
    let refused = null;
    for (const { has, open } of [
      { has: typeof navigator.storage?.getDirectory === "function", open: OpfsShelf.open },
      { has: typeof indexedDB !== "undefined", open: IdbShelf.open },
    ]) {
      if (!has) continue;
      try {
        this.#shelves.push(await open());
      } catch (error) {
        refused ??= nameOf(error);
        console.warn("a place for the journal cannot be used", error);
      }
    }
    return { kind: this.#shelves[0]?.kind ?? "none", refused };
  }

  /** @returns {Promise<string[]>} ids of all takes, those of other pages included */
  async list() {
    const ids = (await Promise.all(this.#shelves.map((shelf) => shelf.list()))).flat();
    return ids.filter((id) => id !== REMOVED);
  }

  /** @returns {Promise<string[]>} ids of takes that were removed lately */
  removed() {
    return this.#inTurn(REMOVED, async () => {
      const ids = [];
      for (const shelf of this.#shelves) {
        const found = await this.#openOn(shelf, REMOVED);
        found?.take.close();
        ids.push(...(found?.take.facts.ids ?? []));
      }
      return ids;
    });
  }

  /**
   * @param {string} id a new one
   * @param {Record<string, any>} facts
   */
  create(id, facts) {
    return this.#inTurn(id, async () => {
      await this.#lock(id);
      const shelf = this.#shelves[0];
      if (!shelf) throw new DOMException("no storage for the journal", "NotSupportedError");
      this.#open.set(id, { take: await shelf.create(id, facts), shelf });
    });
  }

  /**
   * Waits until no other page has the take, and makes it this page's.
   * @param {string} id
   * @returns {Promise<{facts: Record<string, any>, bytes: number, changedTs: number} | null>} null: it is gone
   */
  claim(id) {
    return this.#inTurn(id, async () => {
      await this.#lock(id);
      for (const shelf of this.#shelves) {
        const found = await this.#openOn(shelf, id);
        if (!found) continue;
        this.#open.set(id, { take: found.take, shelf });
        const { facts, bytes, changedTs } = found.take;
        return { facts, bytes, changedTs };
      }
      this.#unlock(id);
      return null;
    });
  }

  /**
   * @param {string} id
   * @param {Uint8Array} bytes
   * @returns {Promise<void>} when they are on the disk
   */
  append(id, bytes) {
    return this.#inTurn(id, () => this.#take(id).append(bytes));
  }

  /**
   * @param {string} id
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  read(id, offset, length) {
    return this.#inTurn(id, () => this.#take(id).read(offset, length));
  }

  /**
   * @param {string} id
   * @param {Record<string, any>} facts
   * @returns {Promise<void>} when they are on the disk
   */
  describe(id, facts) {
    return this.#inTurn(id, () => this.#take(id).describe(facts));
  }

  /**
   * @param {string} id
   * @param {(bytes: number) => void} progress so much is hashed
   * @returns {Promise<string>} SHA-256 of the whole, in hex
   */
  async hash(id, progress) {
    const hash = new Sha256();
    const total = this.#take(id).bytes;
    for (let at = 0; at < total; ) {
      const bytes = await this.read(id, at, Math.min(HASH_STEP_BYTES, total - at));
      hash.update(bytes);
      at += bytes.length;
      progress(at);
      await pause(0);
    }
    return hash.hex();
  }

  /**
   * For ever.
   * @param {string} id
   */
  remove(id) {
    return this.#inTurn(id, async () => {
      const { take, shelf } = this.#opened(id);
      await this.#inTurn(REMOVED, () => this.#noteRemoved(shelf, id));
      take.close();
      this.#open.delete(id);
      await shelf.remove(id);
      this.#unlock(id);
    });
  }

  /**
   * @param {Shelf} shelf
   * @param {string} id
   */
  async #noteRemoved(shelf, id) {
    try {
      const found = await this.#openOn(shelf, REMOVED);
      const notes = found?.take ?? (await shelf.create(REMOVED, {}));
      await notes.describe({ ids: [...(notes.facts.ids ?? []), id].slice(-REMOVED_IDS) });
      notes.close();
    } catch (error) {
      console.warn(`that the take ${id} was removed cannot be noted`, error);
    }
  }

  /**
   * @param {Shelf} shelf
   * @param {string} id
   * @returns {Promise<Awaited<ReturnType<Shelf["open"]>> | null>}
   */
  async #openOn(shelf, id) {
    for (let tries = 1; ; tries++) {
      try {
        return await shelf.open(id);
      } catch (error) {
        if (nameOf(error) === "NotFoundError") return null;
        if (nameOf(error) !== "NoModificationAllowedError" || tries === LOCKED_FILE_TRIES) throw error;
        await pause(LOCKED_FILE_WAIT_MS);
      }
    }
  }

  /** @param {string} id */
  #take(id) {
    return this.#opened(id).take;
  }

  /** @param {string} id */
  #opened(id) {
    const opened = this.#open.get(id);
    if (!opened) throw new DOMException(`the take ${id} is not open`, "InvalidStateError");
    return opened;
  }

  /**
   * @template T
   * @param {string} id
   * @param {() => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTurn(id, work) {
    const before = this.#turns.get(id) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#turns.set(id, mine);
    const last = () => {
      if (this.#turns.get(id) === mine) this.#turns.delete(id);
    };
    mine.then(last, last);
    return mine;
  }

  /**
   * Fulfilled once no other page of this origin holds the take. Browsers without locks rely on the file's own, and on the
   * server's: one owner a session.
   * @param {string} id
   * @returns {Promise<void>}
   */
  #lock(id) {
    if (!navigator.locks) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const held = navigator.locks.request(`quickdrop.take.${id}`, () => {
        resolve();
        return new Promise((/** @type {(nothing: void) => void} */ release) => this.#locks.set(id, release));
      });
      held.catch(reject);
    });
  }

  /** @param {string} id */
  #unlock(id) {
    this.#locks.get(id)?.();
    this.#locks.delete(id);
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof Error || error instanceof DOMException ? error.name : "Error";
}
