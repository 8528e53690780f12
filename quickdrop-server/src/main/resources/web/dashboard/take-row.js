/** A take of several parts: its time line, what is missing and why, and what can be done with the whole. */
import { el, setText } from "../shared/dom.js";
import { age, clock, size } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { ExpiryNote } from "./expiry.js";
import { LabelForm } from "./label-form.js";
import { Player } from "./player.js";
import { AbsentNote, atWords, contentOf, playbackWords, posterOf, showLink, Tile } from "./recording-parts.js";
import { ReceiptLine } from "./receipt-line.js";
import { seconds } from "./takes.js";

/**
 * @typedef {import("./takes.js").Take} Take
 *
 * @typedef {object} TakeActions
 * @property {(take: Take) => void} remove
 * @property {(take: Take, label: string) => Promise<boolean>} label
 * @property {(take: Take, say: (words: string, share: number | null) => void) => Promise<void>} exportWhole
 */

/** A stretch that is shorter would not be seen. */
const LEAST_PERCENT = 1.5;

export class TakeRow {
  element;
  /** @type {Take} */
  #take;
  #actions;
  #name = el("p", { class: "recording-name" });
  #facts = el("p", { class: "recording-facts small number" });
  #honest = el("p", { class: "take-absent small", hidden: true });
  #line = el("div", { class: "timeline", role: "img" });
  #pieces = el("ol", { class: "pieces small number" });
  #exporting = el("div", { class: "exporting", hidden: true });
  #player;
  #expiry = new ExpiryNote();
  #absent = new AbsentNote();
  #export;
  #tile;
  #form;
  #shown = "";

  /**
   * @param {Take} take
   * @param {TakeActions} actions
   */
  constructor(take, actions) {
    this.#take = take;
    this.#actions = actions;
    this.#player = new Player((index) => this.#mark(index));
    this.#tile = new Tile(`Play the take of ${take.parts[0].fileName}`, () => this.#toggle());
    const tool = (/** @type {string} */ name, /** @type {string} */ what, /** @type {() => void} */ run) =>
      el("button", { type: "button", class: "tool", title: what, "aria-label": `${what}: take of ${take.parts[0].fileName}`, onclick: run }, icon(name));
    const label = tool("label", "Label", () =>
      this.#form.open(this.#take.parts[0].label ?? "", "Label of the take", (words) => this.#actions.label(this.#take, words)),
    );
    this.#form = new LabelForm((open) => {
      this.#name.hidden = open;
      if (!open) label.focus();
    });
    this.#export = el("button", { type: "button", class: "button button-small", onclick: () => void this.#makeFile() }, "Export as one file");
    this.element = el(
      "li",
      { class: "card recording take", "data-take": take.takeId },
      el(
        "div",
        { class: "recording-line" },
        this.#tile.element,
        el("div", { class: "recording-words" }, this.#name, this.#form.element, this.#facts, this.#honest),
        el("div", { class: "tools" }, label, tool("trash", "Delete", () => this.#actions.remove(this.#take))),
      ),
      this.#line,
      this.#expiry.element,
      this.#absent.element,
      this.#player.element,
      this.#pieces,
      el(
        "div",
        { class: "take-actions" },
        this.#export,
        this.#exporting,
      ),
    );
  }

  /**
   * @param {Take} take
   * @param {number} nowTs
   * @param {string} absent why it can't be had, empty if it can
   */
  show(take, nowTs, absent) {
    this.#take = take;
    this.#absent.show(absent, this.element);
    this.#export.disabled = absent !== "";
    const first = take.parts[0];
    setText(this.#name, first.label || first.fileName);
    setText(
      this.#facts,
      [
        take.ms > 0 ? clock(take.ms) : "",
        `${take.parts.length} ${take.parts.length === 1 ? "part" : "parts"}`,
        take.gapMs > 0 ? `${seconds(take.gapMs)} missing` : "",
        size(take.bytes),
        age(take.ts, nowTs),
        first.peer,
        atWords(first),
      ]
        .filter(Boolean)
        .join(" · "),
    );
    this.#honest.hidden = take.absent === 0 && !take.arriving;
    this.#honest.classList.toggle("take-lacks", take.absent > 0);
    setText(
      this.#honest,
      [
        take.absent > 0 ? `${take.absent === 1 ? "A part of this take is" : `${take.absent} parts of this take are`} not here.` : "",
        take.arriving ? "Another part is on its way." : "",
      ]
        .filter(Boolean)
        .join(" "),
    );
    this.#expiry.show(take.parts, nowTs);
    this.#tile.show(take.parts.find((part) => part.playback?.poster), absent);
    const drawn = absent + JSON.stringify(take.pieces.map((piece) => [piece.words, piece.ms, piece.recording?.playback, piece.recording?.bytes, piece.recording?.confirmed]));
    if (drawn === this.#shown) return; // a list that is rebuilt loses the focus
    this.#shown = drawn;
    this.#drawLine();
    this.#drawPieces(absent);
  }

  #drawLine() {
    const { pieces } = this.#take;
    const total = pieces.reduce((sum, piece) => sum + piece.ms, 0);
    this.#line.replaceChildren(
      ...pieces.map((piece) => {
        const stretch = el("span", { class: `stretch stretch-${piece.kind}`, title: piece.words });
        stretch.style.flexGrow = String(total > 0 ? Math.max(LEAST_PERCENT, (100 * piece.ms) / total) : 1);
        return stretch;
      }),
    );
    this.#line.setAttribute("aria-label", `Time line: ${pieces.map((piece) => piece.words).join("; ")}`);
  }

  /** @param {string} absent */
  #drawPieces(absent) {
    let part = -1;
    this.#pieces.replaceChildren(
      ...this.#take.pieces.map((piece) => {
        const recording = piece.recording;
        if (!recording) return el("li", { class: `piece piece-${piece.kind}` }, piece.words);
        const index = ++part;
        const number = (recording.take?.index ?? index) + 1;
        const receipt = new ReceiptLine();
        receipt.show(recording);
        const download = el("a", { download: "", "aria-label": `Download part ${number}` }, "Download");
        showLink(download, `${contentOf(recording)}?download`, absent);
        return el(
          "li",
          { class: "piece piece-part", "data-recording": recording.id },
          el("button", { type: "button", class: "piece-play", disabled: absent !== "", onclick: () => this.#playFrom(index) }, `Part ${number}`),
          el("span", {}, [piece.words, size(recording.bytes), recording.partial ? "partial" : "", playbackWords(recording)].filter(Boolean).join(" · ")),
          download,
          receipt.element,
        );
      }),
    );
  }

  #tracks() {
    return this.#take.parts.map((part) => ({ source: contentOf(part), poster: posterOf(part) }));
  }

  #toggle() {
    if (this.#player.isOpen) {
      this.#player.close();
      this.#tile.opened(false);
    } else this.#playFrom(0);
  }

  /** @param {number} index */
  #playFrom(index) {
    if (this.#player.isOpen) this.#player.play(index);
    else this.#player.open(this.#tracks(), { audio: this.#take.parts[0].mime.startsWith("audio/"), from: index });
    this.#tile.opened(true);
  }

  /** @param {number} playing */
  #mark(playing) {
    let part = -1;
    this.#take.pieces.forEach((piece, index) => {
      if (piece.kind === "part") part++;
      this.#line.children[index]?.classList.toggle("stretch-now", piece.kind === "part" && part === playing);
    });
  }

  async #makeFile() {
    const words = el("span", { class: "small", role: "status" });
    const bar = el("progress", { max: 1, "aria-label": "Export" });
    this.#exporting.replaceChildren(bar, words);
    this.#exporting.hidden = false;
    await this.#actions.exportWhole(this.#take, (text, share) => {
      setText(words, text);
      bar.hidden = share === null;
      if (share !== null) bar.value = share;
    });
  }
}
