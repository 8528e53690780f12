/** What rows of recordings and of takes have in common: addresses, the picture that plays them, and words. */
import { el, setText } from "../shared/dom.js";
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

/** Why a recording can't be had, and the row that says it: its server is away. */
export class AbsentNote {
  element = el("p", { class: "absent-note small", hidden: true });
  /** Whether it can't. */
  isAbsent = false;

  /**
   * @param {string} words empty: it can be had
   * @param {HTMLElement} row
   */
  show(words, row) {
    this.isAbsent = words !== "";
    this.element.hidden = words === "";
    setText(this.element, words);
    row.dataset.absent = String(this.isAbsent);
  }
}

/**
 * A link that leads nowhere while what it leads to can't be had.
 * @param {HTMLAnchorElement} link
 * @param {string} href
 * @param {string} absent why it can't, empty if it can
 */
export function showLink(link, href, absent) {
  if (absent) link.removeAttribute("href");
  else if (link.getAttribute("href") !== href) link.href = href;
  link.setAttribute("aria-disabled", String(absent !== ""));
  link.title = absent || "Download";
}

/**
 * @param {Recording} recording
 * @returns {string} at which other instance it lies; "" for this one
 */
export function atWords({ instance }) {
  return instance ? `at ${instance.name}` : "";
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

  /**
   * @param {Recording | undefined} recording whose picture it shows
   * @param {string} absent why it can't be played, empty if it can
   */
  show(recording, absent) {
    const poster = (!absent && recording && posterOf(recording)) || "";
    this.element.disabled = absent !== "";
    this.element.title = absent;
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
