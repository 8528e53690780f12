/** One recording: what it is, and what can be done with it. */
import { el, setText } from "../shared/dom.js";
import { age, clock, size } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { ask, operatorToken } from "../shared/operator.js";
import { ReceiptLine } from "./receipt-line.js";

/** @typedef {import("./live-state.js").Recording} Recording */

/**
 * @typedef {object} RowActions
 * @property {() => void} remove
 * @property {() => void} reveal
 * @property {(label: string) => Promise<boolean>} label
 */

/** What the server keeps of a label. */
const MAX_LABEL_CHARS = 32;

export class RecordingRow {
  element;
  /** @type {Recording} */
  #recording;
  #actions;
  #name = el("p", { class: "recording-name" });
  #file = el("p", { class: "recording-file small muted" });
  #facts = el("p", { class: "recording-facts small number" });
  #receipt = new ReceiptLine();
  #partial = el("span", { class: "tag" }, "Partial");
  #player = el("div", { class: "player", hidden: true });
  #tile;
  #labelForm = el("form", { class: "label-form", hidden: true });

  /**
   * @param {Recording} recording
   * @param {boolean} local
   * @param {RowActions} actions
   */
  constructor(recording, local, actions) {
    this.#recording = recording;
    this.#actions = actions;
    const content = `/api/recordings/${encodeURIComponent(recording.id)}/content`;
    const playable = /^(video|audio)\//.test(recording.mime);
    const words = recording.fileName;
    this.#tile = playable
      ? el(
          "button",
          { type: "button", class: "tile", "aria-label": `Play ${words}`, "aria-expanded": false, onclick: () => this.#toggle(content) },
          icon("play"),
        )
      : el("span", { class: "tile tile-plain" }, icon("file"));
    const action = (/** @type {string} */ name, /** @type {string} */ what, /** @type {() => void} */ run) =>
      el("button", { type: "button", class: "tool", title: what, "aria-label": `${what}: ${words}`, onclick: run }, icon(name));
    this.element = el(
      "li",
      { class: "card recording", "data-recording": recording.id },
      el(
        "div",
        { class: "recording-line" },
        this.#tile,
        el("div", { class: "recording-words" }, el("div", { class: "recording-title" }, this.#name, this.#partial), this.#labelForm, this.#file, this.#facts, this.#receipt.element),
        el(
          "div",
          { class: "tools" },
          el(
            "a",
            { class: "tool", href: `${content}?download`, download: "", title: "Download", "aria-label": `Download: ${words}` },
            icon("download"),
          ),
          local && action("folder", "Show in folder", actions.reveal),
          action("label", "Label", () => this.#editLabel()),
          action("trash", "Delete", actions.remove),
        ),
      ),
      this.#player,
    );
  }

  /**
   * @param {Recording} recording
   * @param {number} nowTs
   */
  show(recording, nowTs) {
    this.#recording = recording;
    setText(this.#name, recording.label || recording.fileName);
    setText(this.#file, recording.label ? recording.fileName : "");
    this.#file.hidden = !recording.label;
    this.#partial.hidden = !recording.partial;
    this.#receipt.show(recording);
    const gaps = recording.gaps?.length ?? 0;
    setText(
      this.#facts,
      [
        recording.ms ? clock(recording.ms) : "",
        size(recording.bytes),
        age(recording.ts, nowTs),
        recording.peer,
        gaps > 0 ? `${gaps} ${gaps === 1 ? "gap" : "gaps"}` : "",
      ]
        .filter(Boolean)
        .join(" · "),
    );
    this.#facts.title = [
      new Date(recording.ts).toLocaleString(),
      recording.partial ? "Its end never came; what came is kept." : "",
    ]
      .filter(Boolean)
      .join("\n");
  }

  /** @param {string} content */
  #toggle(content) {
    const opening = this.#player.hidden;
    this.#player.hidden = !opening;
    this.#tile.setAttribute("aria-expanded", String(opening));
    this.#tile.replaceChildren(icon(opening ? "close" : "play"));
    this.#player.replaceChildren();
    if (!opening) return;
    const tag = this.#recording.mime.startsWith("audio/") ? "audio" : "video";
    const trouble = el("p", { class: "small", role: "alert", hidden: true });
    let renewed = false;
    const media = el(tag, {
      controls: true,
      autoplay: true,
      playsInline: true,
      onerror: async () => {
        if (operatorToken() && !renewed) {
          renewed = true; // the cookie that media need may have run out
          await ask("POST", "/api/media-session").catch((error) => console.warn("no media session", error));
          media.src = content;
          return;
        }
        media.hidden = true;
        trouble.hidden = false;
        setText(trouble, "This browser cannot play it. Download it and use a player of this laptop.");
      },
    });
    media.src = content;
    this.#player.append(media, trouble);
    media.focus();
  }

  #editLabel() {
    const input = el("input", {
      type: "text",
      maxLength: MAX_LABEL_CHARS,
      value: this.#recording.label ?? "",
      placeholder: "for example kitchen-tour",
      "aria-label": `Label of ${this.#recording.fileName}`,
      spellcheck: false,
      autocomplete: "off",
    });
    const close = () => {
      this.#labelForm.hidden = true;
      this.#name.hidden = false;
      /** @type {HTMLElement | null} */ (this.element.querySelector(".icon-label")?.parentElement)?.focus();
    };
    this.#labelForm.replaceChildren(
      input,
      el("button", { type: "submit", class: "button button-small button-main" }, "Save"),
      el("button", { type: "button", class: "button button-small", onclick: close }, "Cancel"),
    );
    this.#labelForm.onsubmit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (await this.#actions.label(input.value.trim())) close();
    };
    this.#labelForm.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") close();
    };
    this.#labelForm.hidden = false;
    this.#name.hidden = true;
    input.focus();
    input.select();
  }
}
