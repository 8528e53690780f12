/** One watched screen: its picture, its state, its buttons. */
import { el, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { TILES } from "./frame.js";
import { formatHash } from "./hash-state.js";
import { TileInfo } from "./tile-info.js";
import { monitorWords, tileWords } from "./words.js";

/**
 * @typedef {import("./words.js").Desktop} Desktop
 *
 * @typedef {"toggle" | "zoom" | "screenshot" | "save" | "info" | "options" | "big" | "fullscreen" | "close"} TileAction
 *
 * @typedef {object} Surroundings what a tile can't know by itself
 * @property {boolean} connected
 * @property {boolean} listed
 * @property {Desktop | null} desktop
 * @property {boolean} info
 * @property {boolean} big whether it fills the window alone
 */

/** In full screen, after so long without a move the bar goes away. */
const IDLE_MS = 2_500;

/** CSS pixels an arrow key. */
const PAN_STEP = 80;

/** Before the first picture, and where the desktop's monitors are not known. */
const USUAL_ASPECT = 16 / 9;

export class TileView {
  element;
  desktopClientId;
  /** @type {number | null} null: the primary one, once the list says which that is */
  monitorId;
  stopped = false;
  busy = false;
  /** @type {import("./stream.js").StreamFacts | null} */
  facts = null;
  /** @type {string} */
  surface;

  #engine;
  #running = false;
  #inView = true;
  #oneToOne = false;
  #idle = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #canvas = el("canvas", { width: 1, height: 1, "aria-hidden": "true" });
  #name = el("strong", {});
  #detail = el("span", { class: "muted small" });
  #state = el("span", { class: "pill tile-state" });
  #note = el("p", { class: "tile-note" });
  /** What the note leads to, empty for nothing. */
  #offered = "";
  #view = el("div", { class: "tile-view" }, this.#canvas, this.#note);
  #info = new TileInfo();
  /** @type {Record<string, HTMLButtonElement>} */
  #buttons = {};

  /**
   * @param {{desktopClientId: string, monitorId: number | null, stopped: boolean}} watched
   * @param {import("./engine.js").Engine} engine
   * @param {(tile: TileView, action: TileAction) => void} onAction
   */
  constructor(watched, engine, onAction) {
    this.desktopClientId = watched.desktopClientId;
    this.monitorId = watched.monitorId;
    this.stopped = watched.stopped;
    this.#engine = engine;
    this.surface = engine.adopt(this.#canvas);
    const tools = el("div", { class: "tile-tools", role: "toolbar", "aria-label": "This screen" });
    for (const [action, picture, keys] of TOOLS) {
      const button = el("button", { type: "button", class: "tool", "data-action": action, "aria-keyshortcuts": keys }, icon(picture));
      button.addEventListener("click", () => onAction(this, action));
      this.#buttons[action] = button;
      tools.append(button);
    }
    this.element = el(
      "section",
      { class: "tile", tabIndex: 0, role: "group", "data-client": this.desktopClientId },
      el("header", { class: "tile-bar" }, el("p", { class: "tile-name" }, this.#name, this.#detail), this.#state, tools),
      this.#view,
      this.#info.element,
    );
    this.#view.addEventListener("dblclick", () => onAction(this, "big"));
    this.element.addEventListener("pointermove", () => this.wakeBar());
    this.#pannable();
  }

  /** Width ÷ height of what it shows or will show. */
  get aspect() {
    return this.facts && this.facts.width > 0 ? this.facts.width / this.facts.height : USUAL_ASPECT;
  }

  /** @returns {import("./stream.js").StreamName | null} null while the monitor is not known */
  get name() {
    if (this.monitorId === null) return null;
    return { desktopClientId: this.desktopClientId, monitorId: this.monitorId, rendition: TILES };
  }

  get key() {
    return `${this.desktopClientId}:${this.monitorId ?? ""}`;
  }

  /** @returns {import("./hash-state.js").Watched} */
  get watched() {
    return { desktopClientId: this.desktopClientId, monitorId: this.monitorId, stopped: this.stopped };
  }

  /** Streams if it should, and says whether anybody sees it. */
  stream() {
    const name = this.name;
    if (!name) return;
    const hidden = document.visibilityState !== "visible" || !this.#inView;
    if (this.stopped && this.#running) this.#engine.tell({ kind: "close", name });
    if (!this.stopped && !this.#running) this.#engine.tell({ kind: "open", name, surface: this.surface, hidden });
    else if (!this.stopped) this.#engine.tell({ kind: "hidden", name, hidden });
    this.#running = !this.stopped;
  }

  /** Tries again what the server refused. */
  retry() {
    const name = this.name;
    if (name && !this.stopped) this.#engine.tell({ kind: "open", name, surface: this.surface, hidden: false });
  }

  /** @param {boolean} inView whether it is on the screen */
  setInView(inView) {
    if (inView === this.#inView) return;
    this.#inView = inView;
    this.stream();
  }

  /** @param {any} stats `stream_stats` */
  hearStats(stats) {
    this.element.dataset.ageMs = String(Math.round(Number(stats.age?.totalMs) || 0));
    this.#info.hear(stats, performance.now());
  }

  /** One picture pixel is one pixel of the glass, or the whole fits the window. */
  toggleZoom() {
    this.#oneToOne = !this.#oneToOne;
    this.#fit();
  }

  /**
   * One to one, the arrows belong to the picture that is larger than its window.
   * @param {string} key an arrow
   * @returns {boolean} whether there was anything to move
   */
  pan(key) {
    if (this.element.dataset.zoom !== "1") return false;
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
    this.#view.scrollBy(x * PAN_STEP, y * PAN_STEP);
    return true;
  }

  /** @param {Surroundings} around */
  show(around) {
    const { desktop } = around;
    const monitor = desktop?.monitors.find((m) => m.index === this.monitorId);
    const title = desktop?.friendlyName ?? this.desktopClientId;
    const which = monitor ? monitorWords(monitor, desktop?.monitors.length ?? 1) : this.monitorId === null ? "" : `Screen ${this.monitorId + 1}`;
    setText(this.#name, title);
    const at = desktop?.instance ? `at ${desktop.instance}` : "";
    setText(this.#detail, [which, monitor ? `${monitor.width} × ${monitor.height}` : "", at].filter(Boolean).join(" · "));
    const words = tileWords({
      state: this.facts?.state ?? "waiting",
      reason: this.facts?.reason ?? null,
      offer: this.facts?.offer ?? null,
      staleSinceTs: this.facts?.staleSinceTs ?? null,
      stopped: this.stopped,
      ...around,
    });
    setText(this.#state, words.short);
    this.#state.dataset.tone = words.tone;
    this.#showNote(words);
    this.element.setAttribute("aria-label", `${title}, ${which}: ${words.short}`);
    const data = this.element.dataset;
    data.monitor = String(this.monitorId ?? "");
    data.state = this.stopped ? "stopped" : (this.facts?.state ?? "waiting");
    data.frame = String(this.facts?.frameNumber ?? 0);
    data.painted = String(this.facts?.painted ?? 0);
    data.epoch = String(this.facts?.epoch ?? 0);
    data.host = this.facts?.host ?? "";
    data.quality = String(this.facts?.quality ?? 0);
    this.#info.element.hidden = !around.info;
    if (around.info) this.#info.show(performance.now(), desktop, this.facts);
    this.#showButtons(around);
    this.#fit();
  }

  /** @param {import("./words.js").Words} words */
  #showNote({ note, offer = "" }) {
    this.#note.hidden = note === "";
    const watched = [{ desktopClientId: this.desktopClientId, monitorId: this.monitorId, stopped: false }];
    const href = offer.startsWith("https://") ? `${offer}/watch${formatHash({ watched, big: null, info: false })}` : "";
    if (href && this.#offered !== href) {
      this.#note.replaceChildren(note, el("br"), el("a", { href, target: "_blank", rel: "noreferrer" }, "Open it there"));
    } else if (!href) {
      setText(this.#note, note);
    }
    this.#offered = href;
  }

  /** Closed for good. */
  remove() {
    const name = this.name;
    if (name && this.#running) this.#engine.tell({ kind: "close", name });
    this.#engine.tell({ kind: "dropSurface", surface: this.surface });
    clearTimeout(this.#idle);
    this.element.remove();
  }

  /** @param {Surroundings} around */
  #showButtons({ desktop, info, big }) {
    const unknown = !desktop || desktop.state === "pending"; // of one that is only away, commands wait for it
    const resting = this.stopped || this.facts?.state === "refused";
    label(this.#buttons.toggle, resting ? "Start (Space)" : "Stop (Space)");
    swapIcon(this.#buttons.toggle, resting ? "play" : "stop");
    label(this.#buttons.zoom, this.#oneToOne ? "Fit the window (z)" : "One to one (z)");
    this.#buttons.zoom.setAttribute("aria-pressed", String(this.#oneToOne));
    label(this.#buttons.screenshot, this.busy ? "Taking a screenshot…" : "Screenshot (s)");
    this.#buttons.screenshot.disabled = this.busy || unknown;
    label(this.#buttons.info, "Age of the picture (i)");
    this.#buttons.info.setAttribute("aria-pressed", String(info));
    label(this.#buttons.options, "Options of the desktop (o)");
    this.#buttons.options.disabled = unknown;
    label(this.#buttons.big, big ? "All screens (Enter)" : "Only this screen (Enter)");
    this.#buttons.big.setAttribute("aria-pressed", String(big));
    label(this.#buttons.fullscreen, document.fullscreenElement === this.element ? "Leave full screen (f)" : "Full screen (f)");
    label(this.#buttons.close, "Close (x)");
  }

  #fit() {
    const zoomed = this.#oneToOne && this.facts !== null && this.facts.width > 0;
    this.element.dataset.zoom = zoomed ? "1" : "fit";
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.style.width = zoomed && this.facts ? `${this.facts.width / ratio}px` : "";
    this.#canvas.style.height = zoomed && this.facts ? `${this.facts.height / ratio}px` : "";
  }

  /** The bar shows for a while. */
  wakeBar() {
    delete this.element.dataset.idle;
    clearTimeout(this.#idle);
    if (document.fullscreenElement === this.element) this.#idle = setTimeout(() => (this.element.dataset.idle = "true"), IDLE_MS);
  }

  /** One to one, the picture is larger than its window: it is dragged. */
  #pannable() {
    /** @type {{x: number, y: number} | null} */
    let at = null;
    this.#view.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (this.element.dataset.zoom !== "1" || event.button !== 0 || event.pointerType === "touch") return;
      at = { x: event.clientX, y: event.clientY };
      this.#view.setPointerCapture(event.pointerId);
    });
    this.#view.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (!at) return;
      this.#view.scrollBy(at.x - event.clientX, at.y - event.clientY);
      at = { x: event.clientX, y: event.clientY };
    });
    for (const end of ["pointerup", "pointercancel"]) this.#view.addEventListener(end, () => (at = null));
  }
}

/** @type {[TileAction, string, string][]} action, icon, key */
const TOOLS = [
  ["toggle", "stop", "Space"],
  ["zoom", "fit", "z"],
  ["screenshot", "camera", "s"],
  ["info", "info", "i"],
  ["options", "sliders", "o"],
  ["big", "big", "Enter"],
  ["fullscreen", "fullscreen", "f"],
  ["close", "close", "x"],
];

/**
 * @param {HTMLButtonElement} button
 * @param {string} words
 */
function label(button, words) {
  if (button.title === words) return;
  button.title = words;
  button.setAttribute("aria-label", words);
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} name
 */
function swapIcon(button, name) {
  if (!button.querySelector(`.icon-${name}`)) button.replaceChildren(icon(name));
}
