/**
 * Notes on the side about which takes lie in the journal, in the browser's small storage. When a browser clears the
 * journal to make room, these often stay, and the page can say what was lost instead of knowing of nothing.
 */
const STORAGE_KEY = "quickdrop.journal";

export class Ledger {
  /** What this page has entered: storage is not asked for each piece of a take. */
  #entered = new Set();

  /** @returns {string[]} ids of takes that were journalled and neither saved nor discarded */
  ids() {
    try {
      const ids = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
      return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
    } catch (error) {
      console.warn("the notes about journalled takes cannot be read", error);
      return [];
    }
  }

  /** @param {string} id */
  enter(id) {
    if (this.#entered.has(id)) return;
    this.#entered.add(id);
    const ids = this.ids();
    if (!ids.includes(id)) this.#write([...ids, id]);
  }

  /** @param {string} id */
  strike(id) {
    this.#entered.delete(id);
    const ids = this.ids();
    if (ids.includes(id)) this.#write(ids.filter((other) => other !== id));
  }

  /** @param {string[]} ids */
  #write(ids) {
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(ids));
    } catch (error) {
      console.warn("the notes about journalled takes cannot be written", error);
    }
  }
}
