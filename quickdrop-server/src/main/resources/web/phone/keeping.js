/** How long and how much this phone keeps of what the laptop does not have yet. */
const LOOK_AGAIN_MS = 10_000;

export class Keeping {
  /** Whether the browser promised not to clear it to make room; null: it did not say. @type {boolean | null} */
  persisted = null;
  /** What it still has room for, bytes; null: it did not say. @type {number | null} */
  roomBytes = null;

  #onChange;
  #asked = false;

  /** @param {() => void} onChange something to show changed */
  constructor(onChange) {
    this.#onChange = onChange;
    void this.look();
    setInterval(() => {
      if (document.visibilityState === "visible") void this.look();
    }, LOOK_AGAIN_MS);
  }

  /** When the person begins something worth keeping: some browsers ask, and only then is it clear what for. */
  async ask() {
    if (this.#asked) return;
    this.#asked = true;
    try {
      await navigator.storage?.persist?.();
    } catch (error) {
      console.warn("the browser does not say whether it keeps things", error);
    }
    await this.look();
  }

  async look() {
    try {
      this.persisted = (await navigator.storage?.persisted?.()) ?? null;
      const estimate = await navigator.storage?.estimate?.();
      if (estimate?.quota !== undefined) this.roomBytes = Math.max(0, estimate.quota - (estimate.usage ?? 0));
    } catch (error) {
      console.warn("the browser does not say what it has room for", error);
    }
    this.#onChange();
  }
}
