/** What a viewer may ask of a desktop, for everybody who watches it: pause and go on, limits of rate and quality. */
import { byId, setText } from "../shared/dom.js";
import { commandWords, progressWords } from "./command-words.js";

/** @typedef {import("./words.js").Desktop} Desktop */

/** What the protocol allows: no limit. */
const DEFAULTS = { maxFps: 60, maxQuality: 100 };

export class OptionsDialog {
  #commands;
  /** @type {Desktop | null} */
  #desktop = null;
  /** @type {Map<string, {maxFps: number, maxQuality: number}>} what was asked for here, by desktop */
  #limits = new Map();
  /** @type {Map<string, boolean>} desktops that were paused or let go on from here */
  #paused = new Map();

  /** @param {import("./commands.js").Commands} commands */
  constructor(commands) {
    this.#commands = commands;
    byId("options-fps").addEventListener("input", () => this.#showValues());
    byId("options-quality").addEventListener("input", () => this.#showValues());
    byId("options-apply").addEventListener("click", () => void this.#apply());
    byId("options-pause").addEventListener("click", () => void this.#pause());
  }

  /** @param {Desktop} desktop */
  open(desktop) {
    this.#desktop = desktop;
    const limits = this.#limits.get(desktop.clientId) ?? DEFAULTS;
    byId("options-fps").value = limits.maxFps;
    byId("options-quality").value = limits.maxQuality;
    setText(byId("options-title"), desktop.friendlyName);
    setText(byId("options-words"), "These hold for everybody who watches this desktop.");
    setText(byId("options-answer"), "");
    this.#showValues();
    this.#showPause();
    byId("options").showModal();
  }

  /** @param {Map<string, Desktop>} desktops */
  refresh(desktops) {
    if (!this.#desktop || !byId("options").open) return;
    this.#desktop = desktops.get(this.#desktop.clientId) ?? this.#desktop;
    this.#showPause();
  }

  #showValues() {
    setText(byId("options-fps-value"), byId("options-fps").value);
    setText(byId("options-quality-value"), byId("options-quality").value);
  }

  get #isPaused() {
    const desktop = this.#desktop;
    if (!desktop) return false;
    return this.#paused.get(desktop.clientId) ?? (desktop.viewers > 0 && !desktop.capturing);
  }

  #showPause() {
    setText(byId("options-pause"), this.#isPaused ? "Resume this desktop" : "Pause this desktop");
    setText(byId("options-pause-words"), this.#isPaused ? "Its screens are not read until then." : "Nobody sees anything new until it is resumed.");
  }

  async #pause() {
    const desktop = this.#desktop;
    if (!desktop) return;
    const pause = !this.#isPaused;
    const done = await this.#run(desktop, pause ? "stop_capture" : "start_capture", {}, pause ? "Paused." : "Resumed.");
    if (done) this.#paused.set(desktop.clientId, pause);
    this.#showPause();
  }

  async #apply() {
    const desktop = this.#desktop;
    if (!desktop) return;
    const limits = { maxFps: Number(byId("options-fps").value), maxQuality: Number(byId("options-quality").value) };
    if (await this.#run(desktop, "config", limits, "The desktop keeps to it now.")) this.#limits.set(desktop.clientId, limits);
  }

  /**
   * @param {Desktop} desktop
   * @param {"config" | "start_capture" | "stop_capture"} type
   * @param {object} data
   * @param {string} words when it is done
   */
  async #run(desktop, type, data, words) {
    const buttons = [byId("options-apply"), byId("options-pause")];
    for (const button of buttons) button.disabled = true;
    const free = () => {
      for (const button of buttons) button.disabled = false;
    };
    const online = desktop.state === "online";
    const onStatus = (/** @type {import("./commands.js").Running} */ running) => {
      if (this.#desktop?.clientId !== desktop.clientId) return;
      setText(byId("options-answer"), progressWords(running, { online, connected: true }, Date.now()));
      if (!online) free(); // it is kept for the desktop: nobody has to wait here
    };
    setText(byId("options-answer"), "Asking the desktop…");
    const status = await this.#commands.run(desktop.clientId, type, data, { online, onStatus });
    free();
    const done = status.status === "completed";
    if (this.#desktop?.clientId === desktop.clientId) setText(byId("options-answer"), done ? words : commandWords(status));
    return done;
  }
}
