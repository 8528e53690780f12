/**
 * Journalled takes in IndexedDB, for browsers without synchronous files. A transaction is there as a whole or not at all,
 * and with `durability: "strict"` it is complete only once it is on the disk.
 */

const NAME = "quickdrop-journal";
/** What is known of each take, by its id. */
const TAKES = "takes";
/** Their bytes, by [id, offset]. */
const PIECES = "pieces";
/** Longer pieces are split: one is read as a whole whenever a part of it is wanted. */
const MAX_PIECE_BYTES = 1024 * 1024;

export class IdbShelf {
  kind = "indexeddb";
  #database;

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.#database = database;
  }

  /** @returns {Promise<IdbShelf>} rejects where it does not work */
  static async open() {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(TAKES, { keyPath: "id" });
      opening.result.createObjectStore(PIECES);
    };
    const shelf = new IdbShelf(await answerOf(opening));
    await shelf.list();
    return shelf;
  }

  /** @returns {Promise<string[]>} the takes' ids */
  async list() {
    const takes = this.#database.transaction(TAKES).objectStore(TAKES);
    return /** @type {string[]} */ (await answerOf(takes.getAllKeys()));
  }

  /**
   * @param {string} id
   * @param {Record<string, any>} facts
   */
  async create(id, facts) {
    const take = new IdbTake(this.#database, id, []);
    await take.describe(facts);
    return take;
  }

  /**
   * @param {string} id
   * @returns {Promise<{take: IdbTake}>} rejects with NotFoundError where there is none
   */
  async open(id) {
    const transaction = this.#database.transaction([TAKES, PIECES]);
    const [record, keys] = await Promise.all([
      answerOf(transaction.objectStore(TAKES).get(id)),
      answerOf(transaction.objectStore(PIECES).getAllKeys(piecesOf(id))),
    ]);
    if (!record) throw new DOMException(`no take ${id}`, "NotFoundError");
    const take = new IdbTake(this.#database, id, keys.map((key) => /** @type {[string, number]} */ (key)[1]));
    take.facts = record.facts;
    take.bytes = record.bytes;
    take.changedTs = record.changedTs;
    return { take };
  }

  /** @param {string} id */
  async remove(id) {
    const transaction = strict(this.#database, [TAKES, PIECES]);
    transaction.objectStore(TAKES).delete(id);
    transaction.objectStore(PIECES).delete(piecesOf(id));
    await completionOf(transaction);
  }
}

class IdbTake {
  /** What `describe` was last told. @type {Record<string, any>} */
  facts = {};
  /** Length of the recording so far. */
  bytes = 0;
  /** When the last piece was written, milliseconds since 1970. */
  changedTs = 0;

  #database;
  #id;
  #offsets;

  /**
   * @param {IDBDatabase} database
   * @param {string} id
   * @param {number[]} offsets of its pieces, in order
   */
  constructor(database, id, offsets) {
    this.#database = database;
    this.#id = id;
    this.#offsets = offsets;
  }

  /**
   * Fulfilled once they are on the disk.
   * @param {Uint8Array} bytes
   */
  async append(bytes) {
    const transaction = strict(this.#database, [TAKES, PIECES]);
    const offsets = [];
    for (let at = 0; at < bytes.length; at += MAX_PIECE_BYTES) {
      offsets.push(this.bytes + at);
      transaction.objectStore(PIECES).put(bytes.slice(at, at + MAX_PIECE_BYTES), [this.#id, this.bytes + at]);
    }
    const end = this.bytes + bytes.length;
    this.changedTs = Date.now();
    this.#putRecord(transaction, this.facts, end);
    await completionOf(transaction);
    this.#offsets.push(...offsets);
    this.bytes = end;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @returns {Promise<Uint8Array<ArrayBuffer>>} exactly that many bytes; rejects if they are not there
   */
  async read(offset, length) {
    if (offset < 0 || length < 1 || offset + length > this.bytes) {
      throw new RangeError(`bytes ${offset}+${length}: held are 0 to ${this.bytes}`);
    }
    const first = this.#offsets.findLast((start) => start <= offset) ?? 0;
    const pieces = this.#database.transaction(PIECES).objectStore(PIECES);
    const range = IDBKeyRange.bound([this.#id, first], [this.#id, offset + length - 1]);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of await answerOf(pieces.getAll(range))) {
      const skip = at === 0 ? offset - first : 0;
      const part = piece.subarray(skip, skip + length - at);
      bytes.set(part, at);
      at += part.length;
    }
    if (at < length) throw new DOMException(`the journal is damaged at offset ${offset + at}`, "DataError");
    return bytes;
  }

  /** @param {Record<string, any>} facts */
  async describe(facts) {
    const transaction = strict(this.#database, [TAKES]);
    this.#putRecord(transaction, facts, this.bytes);
    await completionOf(transaction);
    this.facts = facts;
  }

  close() {}

  /**
   * @param {IDBTransaction} transaction
   * @param {Record<string, any>} facts
   * @param {number} bytes
   */
  #putRecord(transaction, facts, bytes) {
    transaction.objectStore(TAKES).put({ id: this.#id, facts, bytes, changedTs: this.changedTs });
  }
}

/** @param {string} id */
function piecesOf(id) {
  return IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
}

/**
 * @param {IDBDatabase} database
 * @param {string[]} stores
 */
function strict(database, stores) {
  return database.transaction(stores, "readwrite", { durability: "strict" });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function completionOf(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("the browser gave up", "AbortError"));
  });
}
