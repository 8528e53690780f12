/** Journal files in the origin's private file system: one take, one file, which is locked while it is open. */
import { TakeFile } from "./take-file.js";

const FOLDER = "journal";
const ENDING = ".take";
const PROBE = "probe";

export class OpfsShelf {
  kind = "opfs";
  #folder;

  /** @param {any} folder its `FileSystemDirectoryHandle` */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Tries it out: some browsers have the interface and refuse its use, in private windows for example.
   * @returns {Promise<OpfsShelf>} rejects where it does not work
   */
  static async open() {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const probe = await folder.getFileHandle(PROBE, { create: true });
    try {
      const handle = await probe.createSyncAccessHandle();
      const size = handle.getSize();
      handle.close();
      // Safari 15.2 to 16.3 answered these with promises: too early a version of the interface.
      if (typeof size !== "number") throw new DOMException("the file access is not synchronous", "NotSupportedError");
    } catch (error) {
      // Another page is just trying it out.
      if (/** @type {DOMException} */ (error).name !== "NoModificationAllowedError") throw error;
    }
    return new OpfsShelf(folder);
  }

  /** @returns {Promise<string[]>} the takes' ids */
  async list() {
    const ids = [];
    for await (const name of this.#folder.keys()) if (name.endsWith(ENDING)) ids.push(name.slice(0, -ENDING.length));
    return ids;
  }

  /**
   * @param {string} id
   * @param {Record<string, any>} facts
   */
  async create(id, facts) {
    const file = await this.#folder.getFileHandle(id + ENDING, { create: true });
    return TakeFile.create(await file.createSyncAccessHandle(), facts);
  }

  /**
   * @param {string} id
   * @returns {Promise<{take: TakeFile}>} rejects with NotFoundError where there is none, and with
   *     NoModificationAllowedError while another page has it open
   */
  async open(id) {
    const file = await this.#folder.getFileHandle(id + ENDING);
    const handle = await file.createSyncAccessHandle();
    try {
      return { take: TakeFile.open(handle) };
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  /** @param {string} id of one that is not open */
  async remove(id) {
    await this.#folder.removeEntry(id + ENDING);
  }
}
