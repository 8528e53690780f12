/** What is not on this phone's disk waits in memory, which has an end: the person is warned, and then recording stops. */

/** Bytes waiting in memory: from here on the person is warned, and from there on recording stops. */
const MEMORY_WARNING_BYTES = 512 * 1024 * 1024;
const MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024;

export class MemoryWatch {
  #uploader;
  #desk;
  #say;
  #warned = false;

  /**
   * @param {import("./uploader.js").Uploader} uploader
   * @param {import("./recording-desk.js").RecordingDesk} desk
   * @param {(text: string, options: {tone: "bad", ms: number}) => void} say
   */
  constructor(uploader, desk, say) {
    this.#uploader = uploader;
    this.#desk = desk;
    this.#say = say;
  }

  get heldBytes() {
    return this.#uploader.takes.reduce((sum, take) => sum + take.store.heldBytes, 0);
  }

  /** To be called when it grew. */
  look() {
    const { heldBytes } = this;
    if (heldBytes > MEMORY_LIMIT_BYTES && this.#desk.recording) {
      this.#desk.stop();
      this.#say("Recording stopped: this phone’s memory is full of takes that are not on the laptop yet. Nothing is lost.", {
        tone: "bad",
        ms: 20_000,
      });
    } else if (heldBytes > MEMORY_WARNING_BYTES && !this.#warned) {
      this.#warned = true;
      this.#say("Much is waiting in this phone’s memory. Go back into the laptop’s network soon.", { tone: "bad", ms: 10_000 });
    } else if (heldBytes < MEMORY_WARNING_BYTES / 2) {
      this.#warned = false;
    }
  }
}
