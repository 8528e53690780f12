/**
 * Takes that an earlier page left in the journal: it was reloaded, or killed with its tab, its browser or its phone.
 * Those whose recording had been stopped go on by themselves: the person has said all there is to say. Those that were
 * cut while they were recorded wait for the person's word.
 */
import { Take } from "./take.js";

/** A page that was just left needs a moment to let go of its takes; who still has them then is another page. */
const LETTING_GO_MS = 1_500;

/** @typedef {import("../shared/journal/journal.js").Journal} Journal */

export class Unfinished {
  /** How many takes another page of this phone has. */
  elsewhere = 0;
  /** How many takes the browser has deleted. */
  lost = 0;

  #journal;
  #adopt;
  #onChange;

  /**
   * @param {Journal} journal
   * @param {(take: Take) => void} adopt called for each take that is this page's now, oldest first
   * @param {() => void} onChange something to show changed
   */
  constructor(journal, adopt, onChange) {
    this.#journal = journal;
    this.#adopt = adopt;
    this.#onChange = onChange;
  }

  /** Looks once, when the page begins. */
  async look() {
    try {
      const [ids, missing] = await Promise.all([this.#journal.list(), this.#journal.missing()]);
      if (this.#journal.kind !== "none") this.lost = missing.length;
      await Promise.all(ids.sort().map((id) => this.#claim(id)));
    } catch (error) {
      console.warn("the journal of earlier takes cannot be read", error);
    }
    this.#onChange();
  }

  /** The person has read it. */
  async forgetLost() {
    this.#journal.forget(await this.#journal.missing());
    this.lost = 0;
    this.#onChange();
  }

  /** @param {string} id */
  async #claim(id) {
    let waiting = false;
    const timer = setTimeout(() => {
      waiting = true;
      this.elsewhere++;
      this.#onChange();
    }, LETTING_GO_MS);
    try {
      const left = await this.#journal.claim(id);
      if (left && left.bytes > 0) this.#adopt(new Take({ takeId: id, index: 0, gapMs: 0 }, this.#journal, left));
      else if (left) await this.#journal.remove(id);
    } catch (error) {
      console.warn(`the journal of ${id} cannot be read`, error);
    } finally {
      clearTimeout(timer);
      if (waiting) this.elsewhere--;
      this.#onChange();
    }
  }
}
