/** One recording: what it is, and what can be done with it. */
import { el, setText } from "../shared/dom.js";
import { age, clock, size } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { LabelForm } from "./label-form.js";
import { ExpiryNote } from "./expiry.js";
import { Player } from "./player.js";
import { AbsentNote, atWords, contentOf, playbackWords, posterOf, showLink, Tile } from "./recording-parts.js";
import { ReceiptLine } from "./receipt-line.js";

/** @typedef {import("./live-state.js").Recording} Recording */

/**
 * @typedef {object} RowActions
 * @property {() => void} remove
 * @property {() => void} reveal
 * @property {(label: string) => Promise<boolean>} label
 */

export class RecordingRow {
  element;
  /** @type {Recording} */
  #recording;
  #name = el("p", { class: "recording-name" });
  #file = el("p", { class: "recording-file small muted" });
  #facts = el("p", { class: "recording-facts small number" });
  #receipt = new ReceiptLine();
  #partial = el("span", { class: "tag" }, "Partial");
  #player = new Player();
  #expiry = new ExpiryNote();
  #absent = new AbsentNote();
  #download;
  /** @type {Tile | null} */
  #tile = null;

  /**
   * @param {Recording} recording
   * @param {boolean} local
   * @param {RowActions} actions
   */
  constructor(recording, local, actions) {
    this.#recording = recording;
    const words = recording.fileName;
    if (/^(video|audio)\//.test(recording.mime)) this.#tile = new Tile(`Play ${words}`, () => this.#toggle());
    const action = (/** @type {string} */ name, /** @type {string} */ what, /** @type {() => void} */ run) =>
      el("button", { type: "button", class: "tool", title: what, "aria-label": `${what}: ${words}`, onclick: run }, icon(name));
    const label = action("label", "Label", () => form.open(this.#recording.label ?? "", `Label of ${words}`, actions.label));
    const form = new LabelForm((open) => {
      this.#name.hidden = open;
      if (!open) label.focus();
    });
    this.#download = el("a", { class: "tool", download: "", "aria-label": `Download: ${words}` }, icon("download"));
    this.element = el(
      "li",
      { class: "card recording", "data-recording": recording.id },
      el(
        "div",
        { class: "recording-line" },
        this.#tile?.element ?? el("span", { class: "tile tile-plain" }, icon("file")),
        el("div", { class: "recording-words" }, el("div", { class: "recording-title" }, this.#name, this.#partial), form.element, this.#file, this.#facts, this.#receipt.element),
        el(
          "div",
          { class: "tools" },
          this.#download,
          local && !recording.instance && action("folder", "Show in folder", actions.reveal),
          label,
          action("trash", "Delete", actions.remove),
        ),
      ),
      this.#expiry.element,
      this.#absent.element,
      this.#player.element,
    );
  }

  /**
   * @param {Recording} recording
   * @param {number} nowTs
   * @param {string} absent why it can't be had, empty if it can
   */
  show(recording, nowTs, absent) {
    this.#recording = recording;
    this.#absent.show(absent, this.element);
    showLink(this.#download, `${contentOf(recording)}?download`, absent);
    setText(this.#name, recording.label || recording.fileName);
    setText(this.#file, recording.label ? recording.fileName : "");
    this.#file.hidden = !recording.label;
    this.#partial.hidden = !recording.partial;
    this.#tile?.show(recording, absent);
    this.#expiry.show([recording], nowTs);
    this.#receipt.show(recording);
    setText(
      this.#facts,
      [recording.ms ? clock(recording.ms) : "", size(recording.bytes), age(recording.ts, nowTs), recording.peer, atWords(recording), playbackWords(recording)]
        .filter(Boolean)
        .join(" · "),
    );
    this.#facts.title = [
      new Date(recording.ts).toLocaleString(),
      recording.partial ? "Its end never came; what came is kept." : "",
      recording.playback?.state === "as_received" ? "It could not be made seekable; the file is as it came." : "",
    ]
      .filter(Boolean)
      .join("\n");
  }

  #toggle() {
    if (this.#player.isOpen) this.#player.close();
    else {
      const recording = this.#recording;
      this.#player.open([{ source: contentOf(recording), poster: posterOf(recording) }], { audio: recording.mime.startsWith("audio/") });
    }
    this.#tile?.opened(this.#player.isOpen);
  }
}
