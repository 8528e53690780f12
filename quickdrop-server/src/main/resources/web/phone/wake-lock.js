/** Keeps the screen on while it matters. The browser takes the lock away when the page is hidden. */
export class WakeLock {
  #wanted = false;
  /** @type {WakeLockSentinel | null} */
  #lock = null;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#ask());
  }

  /** @param {boolean} wanted */
  want(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) {
      this.#ask();
    } else {
      this.#lock?.release().catch((error) => console.warn("the wake lock was gone already", error));
      this.#lock = null;
    }
  }

  async #ask() {
    if (!this.#wanted || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    if (this.#lock && !this.#lock.released) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      if (this.#wanted) this.#lock = lock;
      else await lock.release();
    } catch (error) {
      console.warn("the phone keeps its own screen time (low battery, for example)", error);
    }
  }
}
