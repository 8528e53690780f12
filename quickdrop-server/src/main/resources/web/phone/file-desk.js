/**
 * Files of the phone: picked, dropped or shared; each becomes an upload of its own, or the rest of one that was cut off.
 * Where this browser has room, a copy of each lies on a shelf of ours until the laptop has it, so that it goes on by itself
 * after a reload. Where it has not, the shelf knows which file is missing, and the person picks it again.
 */
import { FileByteStore } from "../shared/file-byte-store.js";
import { hashHead } from "../shared/hash-file.js";
import { FileTake } from "./file-take.js";

/** @typedef {Pick<import("../shared/file-shelf.js").FileShelf, "list" | "put" | "remove">} Shelf */

/** The rest of the room is for takes, which exist nowhere else. */
const SHARE_OF_FREE_ROOM = 0.5;

/**
 * @param {FileTake} take that waits for its file
 * @param {File} file
 * @returns {boolean} whether it may be the same; the first MiB decides
 */
export function looksLike({ known }, file) {
  return known.name === file.name && known.size === file.size && known.lastModified === file.lastModified;
}

export class FileDesk {
  #around;

  /**
   * @param {object} around
   * @param {Pick<import("../shared/file-hashes.js").FileHashes, "of">} around.hashes
   * @param {Shelf} around.shelf
   * @param {() => Promise<number>} around.freeBytes room of this browser
   * @param {(sessionId: string) => Promise<boolean>} around.claim whether no other page of this phone sends it
   * @param {() => FileTake[]} around.takes all files of this page
   * @param {(take: FileTake) => void} around.add to those that are sent
   */
  constructor(around) {
    this.#around = around;
  }

  /**
   * @param {Iterable<File>} files in the order in which they are sent
   * @returns {Promise<void>} when each has its place; sending goes on
   */
  async send(files) {
    for (const file of files) {
      const head = await headOf(file);
      const again = this.#around.takes().find((take) => waits(take) && looksLike(take, file) && take.head === head);
      if (again) {
        this.#read(again, file);
        continue;
      }
      const { name, size, lastModified, type } = file;
      const take = new FileTake({ name, size, lastModified, type });
      take.head = head;
      await this.#around.claim(take.sessionId);
      this.#around.add(take);
      const store = this.#read(take, file);
      void this.#shelve(take, file, store);
    }
  }

  /** Files that an earlier page was sending, or that another app shared. */
  async restore() {
    let files;
    try {
      files = await this.#around.shelf.list();
    } catch (error) {
      console.warn("the shelf of earlier files cannot be read", error);
      return;
    }
    for (const { sessionId, startedTs, known, head, content } of files) {
      if (!(await this.#around.claim(sessionId))) continue;
      const take = new FileTake(known, { sessionId, startedTs, head });
      take.paused = content === null;
      this.#around.add(take);
      if (content) this.#read(take, content).lasting = true;
      else take.store = new FileByteStore(new Blob([]), () => this.#around.shelf.remove(sessionId));
    }
  }

  /**
   * @param {FileTake} take
   * @param {Blob} file
   * @returns {FileByteStore}
   */
  #read(take, file) {
    const store = new FileByteStore(file, () => this.#around.shelf.remove(take.sessionId));
    void take.readFrom(file, store, this.#around.hashes);
    return store;
  }

  /**
   * @param {FileTake} take
   * @param {File} file
   * @param {FileByteStore} store
   */
  async #shelve({ sessionId, startedTs, known, head }, file, store) {
    const { shelf, freeBytes } = this.#around;
    try {
      await shelf.put({ sessionId, startedTs, known, head, content: null });
      if (known.size > SHARE_OF_FREE_ROOM * (await freeBytes())) return;
      await shelf.put({ sessionId, startedTs, known, head, content: file });
      store.lasting = true;
      if (!store.whole) await shelf.remove(sessionId); // it was through before the copy
    } catch (error) {
      console.warn(`${known.name} is sent without a copy here: after a reload it has to be picked again`, error);
    }
  }
}

/**
 * @param {File} file
 * @returns {Promise<string | null>} null: it can't be read, which is said when its turn comes
 */
async function headOf(file) {
  try {
    return await hashHead(file);
  } catch (error) {
    console.warn(`the beginning of ${file.name} cannot be read`, error);
    return null;
  }
}

/** @param {FileTake} take */
function waits({ paused, sender }) {
  return paused || sender.failure?.reason === "phone_lost_bytes";
}
