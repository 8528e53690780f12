/** What rows of recordings and of takes have in common: addresses, the picture that plays them, and words. */
import { el } from "../shared/dom.js";
import { icon } from "../shared/icons.js";

/** @typedef {import("./live-state.js").Recording} Recording */

/** @param {Recording} recording its id is a name that a peer chose */
export function contentOf(recording) {
  return `/api/recordings/${encodeURIComponent(recording.id)}/content`;
}

/**
 * @param {Recording} recording
 * @returns {string | undefined} address of its picture, if there is one
 */
export function posterOf(recording) {
  return recording.playback?.poster ? `/api/recordings/${encodeURIComponent(recording.id)}/poster` : undefined;
}

/**
 * @param {Recording} recording
 * @returns {string} what is being made of it; "" once it is made
 */
export function playbackWords(recording) {
  switch (recording.playback?.state) {
    case "waiting":
    case "working":
      return "being made seekable";
    case "as_received":
      return "as received, not seekable everywhere";
    default:
      return "";
  }
}

/** The square at the head of a row: a picture of the take, and a button that plays it. */
export class Tile {
  element;
  #poster = "";

  /**
   * @param {string} name for who can't see it
   * @param {() => void} play
   */
  constructor(name, play) {
    this.element = el(
      "button",
      { type: "button", class: "tile", "aria-label": name, "aria-expanded": false, onclick: play },
      icon("play"),
    );
  }

  /** @param {Recording | undefined} recording whose picture it shows */
  show(recording) {
    const poster = (recording && posterOf(recording)) ?? "";
    if (poster === this.#poster) return;
    this.#poster = poster;
    this.element.querySelector("img")?.remove();
    this.element.classList.toggle("tile-poster", poster !== "");
    if (poster) this.element.prepend(el("img", { src: poster, alt: "", loading: "lazy", onerror: (/** @type {Event} */ event) => /** @type {Element} */ (event.target).remove() }));
  }

  /** @param {boolean} open */
  opened(open) {
    this.element.setAttribute("aria-expanded", String(open));
    this.element.querySelector("svg")?.replaceWith(icon(open ? "close" : "play"));
  }
}
