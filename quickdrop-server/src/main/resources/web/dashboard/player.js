/** A player that opens under a row: one recording, or the parts of a take one after the other. */
import { el, setText } from "../shared/dom.js";
import { ask, operatorToken } from "../shared/operator.js";

/**
 * @typedef {object} Track
 * @property {string} source address of the content
 * @property {string} [poster] address of a picture
 */

export class Player {
  element = el("div", { class: "player", hidden: true });
  /** @type {Track[]} */
  #tracks = [];
  #at = 0;
  /** @type {HTMLMediaElement | null} */
  #media = null;
  #trouble = el("p", { class: "small", role: "alert", hidden: true });
  #renewed = false;
  #onPart;

  /** @param {(index: number) => void} [onPart] hears which part plays, and -1 when none does */
  constructor(onPart = () => {}) {
    this.#onPart = onPart;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * @param {Track[]} tracks
   * @param {{audio?: boolean, from?: number}} [options]
   */
  open(tracks, { audio = false, from = 0 } = {}) {
    this.#tracks = tracks;
    this.#renewed = false;
    this.#trouble.hidden = true;
    this.#media = el(audio ? "audio" : "video", {
      controls: true,
      autoplay: true,
      playsInline: true,
      onended: () => {
        if (this.#at + 1 < this.#tracks.length) this.play(this.#at + 1);
      },
      onerror: () => void this.#failed(),
    });
    this.element.replaceChildren(this.#media, this.#trouble);
    this.element.hidden = false;
    this.play(from);
    this.#media?.focus();
  }

  /** @param {number} index of the part to play from its beginning */
  play(index) {
    const media = this.#media;
    if (!media) return;
    this.#at = index;
    media.hidden = false;
    const { source, poster } = this.#tracks[index];
    if (media instanceof HTMLVideoElement) media.poster = poster ?? "";
    media.src = source;
    void media.play().catch((error) => console.warn("the player waits for a tap", error));
    this.#onPart(index);
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
    this.#media = null;
    this.#onPart(-1);
  }

  async #failed() {
    const media = this.#media;
    if (!media) return;
    if (operatorToken() && !this.#renewed) {
      this.#renewed = true; // the cookie that media need may have run out
      await ask("POST", "/api/media-session").catch((error) => console.warn("no media session", error));
      media.src = this.#tracks[this.#at].source;
      return;
    }
    media.hidden = true;
    this.#trouble.hidden = false;
    setText(this.#trouble, "This browser cannot play it. Download it and use a player of this laptop.");
  }
}
