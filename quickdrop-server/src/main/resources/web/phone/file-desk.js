/** Files of the phone: picked, dropped or shared; each becomes an upload of its own, or the rest of one that was cut off. */
import { hashHead } from "../shared/hash-file.js";
import { FileTake } from "./file-take.js";

/**
 * @param {FileTake} take that waits for its file
 * @param {File} file
 * @returns {boolean} whether it may be the same; the first MiB decides
 */
export function looksLike({ known }, file) {
  return known.name === file.name && known.size === file.size && known.lastModified === file.lastModified;
}

export class FileDesk {
  #hashes;
  #takes;
  #add;

  /**
   * @param {import("../shared/file-hashes.js").FileHashes} hashes
   * @param {() => FileTake[]} takes all files of this page
   * @param {(take: FileTake) => void} add to those that are sent
   */
  constructor(hashes, takes, add) {
    this.#hashes = hashes;
    this.#takes = takes;
    this.#add = add;
  }

  /**
   * @param {Iterable<File>} files in the order in which they are sent
   * @returns {Promise<void>} when each has its place; sending goes on
   */
  async send(files) {
    for (const file of files) {
      const again = await this.#waitingFor(file);
      if (again) {
        void again.readFrom(file, this.#hashes);
        continue;
      }
      const { name, size, lastModified, type } = file;
      const take = new FileTake({ name, size, lastModified, type });
      this.#add(take);
      void take.readFrom(file, this.#hashes);
    }
  }

  /**
   * @param {File} file
   * @returns {Promise<FileTake | null>} the upload that waits for this file
   */
  async #waitingFor(file) {
    for (const take of this.#takes().filter((other) => waits(other) && looksLike(other, file))) {
      if (take.head === null || take.head === (await hashHead(file))) return take;
    }
    return null;
  }
}

/** @param {FileTake} take */
function waits({ paused, sender }) {
  return paused || sender.failure?.reason === "phone_lost_bytes";
}
