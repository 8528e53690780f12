/** What a desktop can be told from its row, and what became of what it was told. */
import { ApiError, download } from "../shared/api.js";
import { el, setText } from "../shared/dom.js";
import { ask, operatorToken } from "../shared/operator.js";
import { PICTURE_LATER_MS, randomKey, SETTING_LATER_MS, SOON_MS } from "../watch/commands.js";
import { monitorWords } from "../watch/words.js";
import { askedWords, isOpen, statusWords, steps, summaryWords, titleWords } from "./command-list.js";

/**
 * @typedef {import("./desktop-list.js").Desktop} Desktop
 * @typedef {import("./command-list.js").Command} Command
 */

const SHOWN = 8;
const LOOK_MS = 1_000;
/** While nothing is under way somebody else may ask for something. */
const IDLE_LOOK_MS = 10_000;
/** Where the server keeps pictures; anything else it names gets no token of ours. */
const OWN_PATH = /^\/api\/desktops\/[^/?#]+\/screenshots\/[^/?#]+$/;

export class DesktopCommands {
  element;

  /** @type {Desktop} */
  #desktop;
  #summary = el("span", { class: "muted small" });
  #screen = el("select", { class: "command-screen", "aria-label": "Screen" });
  #problem = el("p", { class: "small command-problem", role: "status", hidden: true });
  #list = el("ol", { class: "orders" });
  #none = el("p", { class: "small muted" }, "Nothing was asked of it of late.");
  #fps = el("input", { type: "number", min: 1, max: 60, value: 60, "aria-label": "Frames a second, at most" });
  #quality = el("input", { type: "number", min: 10, max: 100, step: 5, value: 100, "aria-label": "Quality, at most" });
  /** @type {Map<string, Row>} by id */
  #rows = new Map();
  /** @type {Command[]} newest first */
  #commands = [];
  /** Ids of those that were asked for here and now: their pictures are shown without a further click. */
  #expected = new Set();
  #screens = "";
  #lookedMs = -Infinity;
  #looking = false;

  /** @param {Desktop} desktop */
  constructor(desktop) {
    this.#desktop = desktop;
    const button = (/** @type {string} */ words, /** @type {() => void} */ run) =>
      el("button", { type: "button", class: "button button-small", onclick: run }, words);
    const limits = el(
      "form",
      { class: "command-limits" },
      el("label", {}, this.#fps, " fps"),
      el("label", {}, "quality ", this.#quality),
      el("button", { class: "button button-small" }, "Limit"),
    );
    limits.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#send("config", { maxFps: Number(this.#fps.value), maxQuality: Number(this.#quality.value) });
    });
    this.element = el(
      "details",
      { class: "desktop-commands" },
      el("summary", {}, "Commands ", this.#summary),
      el(
        "div",
        { class: "command-tools" },
        button("Screenshot", () => this.#send("screenshot", { screen: Number(this.#screen.value || 0) })),
        this.#screen,
        button("Pause", () => this.#send("stop_capture", {})),
        button("Resume", () => this.#send("start_capture", {})),
        limits,
      ),
      this.#problem,
      this.#none,
      this.#list,
    );
    this.element.addEventListener("toggle", () => this.element.open && void this.#look());
  }

  /**
   * @param {Desktop} desktop
   * @param {number} nowTs milliseconds since 1970
   */
  show(desktop, nowTs) {
    this.#desktop = desktop;
    this.#showScreens(desktop);
    const due = this.#commands.some(isOpen) ? LOOK_MS : IDLE_LOOK_MS;
    if (this.element.open && document.visibilityState === "visible" && performance.now() - this.#lookedMs >= due) void this.#look();
    this.#showList(nowTs);
  }

  /** @param {Desktop} desktop */
  #showScreens({ monitors }) {
    const screens = monitors.map((monitor) => `${monitor.index} ${monitorWords(monitor, monitors.length)}`).join("\n");
    if (screens === this.#screens) return;
    this.#screens = screens;
    this.#screen.hidden = monitors.length < 2;
    this.#screen.replaceChildren(
      ...monitors.map((monitor) => el("option", { value: String(monitor.index), selected: monitor.isPrimary }, monitorWords(monitor, monitors.length))),
    );
  }

  /** @param {number} nowTs */
  #showList(nowTs) {
    setText(this.#summary, summaryWords(this.#commands));
    const shown = this.#commands.slice(0, SHOWN);
    this.#none.hidden = shown.length > 0 || this.#lookedMs === -Infinity;
    const ids = new Set(shown.map(({ commandId }) => commandId));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    shown.forEach((command, index) => {
      const row = this.#rows.get(command.commandId) ?? new Row(this.#expected.has(command.commandId));
      this.#rows.set(command.commandId, row);
      if (this.#list.children[index] !== row.element) this.#list.insertBefore(row.element, this.#list.children[index] ?? null);
      row.show(command, this.#desktop.state === "online", nowTs);
    });
  }

  async #look() {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { commands } = await ask("GET", `${this.#path}?limit=${SHOWN}`);
      this.#commands = commands;
      this.#complain("");
    } catch (error) {
      this.#complain(/** @type {Error} */ (error).message);
    }
    this.#lookedMs = performance.now();
    this.#looking = false;
    this.#showList(Date.now());
  }

  /**
   * @param {import("../watch/commands.js").CommandType} type
   * @param {object} data
   */
  async #send(type, data) {
    const online = this.#desktop.state === "online";
    const expiresInMs = online ? SOON_MS : type === "screenshot" ? PICTURE_LATER_MS : SETTING_LATER_MS;
    const body = { type, data, idempotencyKey: randomKey(), expiresInMs };
    try {
      const command = await ask("POST", this.#path, body).catch((error) => {
        // Whether it was stored is unknown; under the same key it is the same command.
        if (!(error instanceof ApiError) || (error.status !== 0 && error.status !== 503)) throw error;
        return ask("POST", this.#path, body);
      });
      this.#complain("");
      this.#expected.add(command.commandId);
      this.#commands = [command, ...this.#commands.filter(({ commandId }) => commandId !== command.commandId)];
      this.#lookedMs = performance.now();
      this.#showList(Date.now());
    } catch (error) {
      this.#complain(/** @type {Error} */ (error).message);
    }
  }

  get #path() {
    return `/api/desktops/${encodeURIComponent(this.#desktop.clientId)}/commands`;
  }

  /** @param {string} words empty: nothing is wrong */
  #complain(words) {
    this.#problem.hidden = words === "";
    setText(this.#problem, words);
  }
}

/** One command: its way as a picture, what became of it, who asked. */
class Row {
  #way = el("span", { class: "order-way", role: "img" });
  #title = el("strong", { class: "order-title" });
  #pill = el("span", { class: "pill pill-small" });
  #note = el("p", { class: "small" });
  #asked = el("p", { class: "small muted number" });
  #picture = el("div", { class: "order-picture", hidden: true });
  /** @type {Command | null} */
  #command = null;
  #shown = "";
  #expected;
  #url = "";
  element = el(
    "li",
    { class: "order" },
    this.#way,
    el("div", { class: "order-words" }, el("div", { class: "order-head" }, this.#title, this.#pill), this.#note, this.#asked),
    this.#picture,
  );

  /** @param {boolean} expected whether its picture is shown without a further click */
  constructor(expected) {
    this.#expected = expected;
  }

  /**
   * @param {Command} command
   * @param {boolean} online
   * @param {number} nowTs milliseconds since 1970
   */
  show(command, online, nowTs) {
    this.#command = command;
    const words = statusWords(command, online, nowTs);
    this.element.dataset.status = command.status;
    this.element.dataset.command = command.commandId;
    setText(this.#title, titleWords(command));
    setText(this.#pill, words.short);
    this.#pill.dataset.tone = words.tone;
    setText(this.#note, words.note);
    setText(this.#asked, askedWords(command, nowTs));
    this.#asked.title = new Date(command.createdTs).toLocaleString();
    const way = steps(command);
    const drawn = JSON.stringify(way);
    if (drawn === this.#shown) return;
    this.#shown = drawn;
    this.#way.replaceChildren(...way.map(({ state, words: title }) => el("i", { class: `step step-${state}`, title })));
    this.#way.setAttribute("aria-label", way.map((step) => step.words).join(", "));
    if (command.status === "completed" && command.type === "screenshot") this.#offerPicture();
  }

  remove() {
    this.element.remove();
    if (this.#url) URL.revokeObjectURL(this.#url);
  }

  #offerPicture() {
    if (!OWN_PATH.test(String(this.#command?.result?.url ?? ""))) return;
    this.#picture.hidden = false;
    if (this.#expected) return void this.#load();
    this.#picture.replaceChildren(el("button", { type: "button", class: "button button-small", onclick: () => void this.#load() }, "Show"));
  }

  async #load() {
    const url = String(this.#command?.result?.url ?? "");
    setTextOf(this.#picture, "Fetching…");
    try {
      const png = await download(url, { token: operatorToken() });
      this.#url = URL.createObjectURL(png.type ? png : new Blob([png], { type: "image/png" }));
      const name = `screenshot-${this.#command?.commandId}.png`;
      this.#picture.replaceChildren(
        el("a", { href: this.#url, download: name, title: "Save" }, el("img", { src: this.#url, alt: `Screenshot, saved as ${name}` })),
      );
    } catch (error) {
      const gone = error instanceof ApiError && error.status === 404;
      setTextOf(this.#picture, gone ? "It is not kept any more." : /** @type {Error} */ (error).message);
    }
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} words
 */
function setTextOf(place, words) {
  place.replaceChildren(el("span", { class: "small muted" }, words));
}
