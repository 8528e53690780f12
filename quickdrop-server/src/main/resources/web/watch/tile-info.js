/** How old the picture is by stage, how much comes, and who limits it. */
import { el, setText } from "../shared/dom.js";
import { ageWords, History, stages, STAGES } from "./age.js";
import { fpsWords, kbitWords } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const PLOT = { width: 120, height: 28 };
/** Stats older than this describe something else. */
const FRESH_MS = 5_000;

export class TileInfo {
  element;

  #age = el("strong", { class: "info-age number" });
  #facts = el("span", { class: "info-facts number" });
  #limit = el("p", { class: "info-limit" });
  /** @type {Map<string, {bar: HTMLElement, words: HTMLElement}>} by name of the stage */
  #stages = new Map();
  #line = document.createElementNS(SVG, "path");
  #worst = el("span", { class: "info-worst number" });
  #history = new History();
  /** @type {any} */
  #stats = null;
  #heardMs = -Infinity;

  constructor() {
    const bar = el("div", { class: "info-bar", "aria-hidden": "true" });
    const legend = el("ul", { class: "info-legend number" });
    for (const { name, words } of STAGES) {
      const piece = el("span", { class: `stage-${name}` });
      const value = el("span", {});
      bar.append(piece);
      legend.append(el("li", { title: words }, el("i", { class: `stage-${name}` }), `${name} `, value));
      this.#stages.set(name, { bar: piece, words: value });
    }
    const plot = document.createElementNS(SVG, "svg");
    plot.setAttribute("viewBox", `0 0 ${PLOT.width} ${PLOT.height}`);
    plot.setAttribute("preserveAspectRatio", "none");
    plot.setAttribute("aria-hidden", "true");
    plot.append(this.#line);
    this.element = el(
      "div",
      { class: "tile-info" },
      el("div", { class: "info-head" }, this.#age, this.#facts, el("div", { class: "info-plot" }, plot, this.#worst)),
      bar,
      legend,
      this.#limit,
    );
  }

  /**
   * @param {any} stats `stream_stats`
   * @param {number} nowMs monotonic
   */
  hear(stats, nowMs) {
    this.#stats = stats;
    this.#heardMs = nowMs;
    if (stats.age.totalMs > 0) this.#history.add(stats.age.totalMs, nowMs);
  }

  /**
   * @param {number} nowMs monotonic
   * @param {import("./words.js").Desktop | null} desktop
   * @param {import("./stream.js").StreamFacts | null} facts
   */
  show(nowMs, desktop, facts) {
    const fresh = nowMs - this.#heardMs < FRESH_MS && facts?.state === "live";
    this.element.dataset.fresh = String(fresh);
    this.#line.setAttribute("d", this.#history.path(nowMs, PLOT.width, PLOT.height));
    setText(this.#worst, this.#history.worstMs > 0 ? `≤ ${ageWords(this.#history.worstMs)} in a minute` : "");
    this.element.dataset.known = String(this.#stats !== null);
    if (!this.#stats) return setText(this.#age, "No figures yet");
    const { age, fps, kbps, quality, viewers, limitedBy } = this.#stats;
    const old = age.totalMs > 0 ? `${ageWords(age.totalMs)} old` : "Age not known yet"; // zeros until a first painted ack
    setText(this.#age, fresh || age.totalMs === 0 ? old : `was ${old}`);
    const watching = viewers === 1 ? "only you" : `${viewers} viewers`;
    setText(this.#facts, [fpsWords(fps), kbitWords(kbps), qualityWords(quality, facts), watching, wayWords(desktop, facts)].filter(Boolean).join(" · "));
    for (const { name, ms, share } of stages(age)) {
      const stage = this.#stages.get(name);
      if (!stage) continue;
      stage.bar.style.flexGrow = String(share);
      setText(stage.words, ageWords(ms));
    }
    const limit = limitedBy ?? desktop?.limitedBy;
    setText(this.#limit, limit ? `Limited by ${limit}` : "Nothing limits this desktop.");
  }
}

/**
 * @param {import("./words.js").Desktop | null} desktop
 * @param {import("./stream.js").StreamFacts | null} facts
 * @returns {string} which way the picture takes, where there is more than one
 */
function wayWords(desktop, facts) {
  if (!desktop?.instance) return "";
  return facts?.host ? `straight from ${desktop.instance}` : `from ${desktop.instance} by way of this server`;
}

/**
 * @param {number} quality while it moves
 * @param {import("./stream.js").StreamFacts | null} facts
 */
function qualityWords(quality, facts) {
  if (facts?.quality === 100) return "lossless";
  return quality > 0 ? `quality ${quality}` : "";
}
