/** One desktop in the list: what it is, how it does, and its monitors in their true places, with live thumbnails. */
import { el, setText } from "../shared/dom.js";
import { THUMBNAIL } from "./frame.js";
import { geometry } from "./layout.js";
import { desktopWords, monitorWords } from "./words.js";

/**
 * @typedef {import("./words.js").Desktop} Desktop
 * @typedef {import("./words.js").Monitor} Monitor
 *
 * @typedef {object} CardActions
 * @property {(desktopClientId: string, monitorId: number) => void} toggle watches a screen, or stops to
 * @property {(desktopClientId: string) => void} watchAll
 * @property {(desktopClientId: string, monitorId: number) => boolean} isWatched
 */

export class DesktopCard {
  element;

  #engine;
  #actions;
  /** @type {Desktop} */
  #desktop;
  #name = el("h3", { class: "desktop-name" });
  #pill = el("span", { class: "pill" });
  #line = el("p", { class: "muted small number" });
  #limit = el("p", { class: "small desktop-limit" });
  #monitors = el("div", { class: "monitors", role: "group" });
  #all = el("button", { type: "button", class: "button button-small" });
  /** @type {Map<number, Thumbnail>} by index of the monitor */
  #thumbnails = new Map();
  #shape = "";
  #visible = false;

  /**
   * @param {Desktop} desktop
   * @param {import("./engine.js").Engine} engine
   * @param {CardActions} actions
   */
  constructor(desktop, engine, actions) {
    this.#desktop = desktop;
    this.#engine = engine;
    this.#actions = actions;
    this.#all.addEventListener("click", () => actions.watchAll(this.#desktop.clientId));
    this.element = el(
      "li",
      { class: "card desktop", "data-client": desktop.clientId },
      el("div", { class: "desktop-head" }, this.#name, this.#pill),
      this.#line,
      this.#limit,
      this.#monitors,
      this.#all,
    );
  }

  /**
   * @param {Desktop} desktop
   * @param {number} nowTs milliseconds since 1970
   */
  show(desktop, nowTs) {
    this.#desktop = desktop;
    const words = desktopWords(desktop, nowTs);
    this.element.dataset.state = desktop.state;
    setText(this.#name, desktop.friendlyName);
    setText(this.#pill, words.short);
    this.#pill.dataset.tone = words.tone;
    setText(this.#line, words.line);
    const fingerprint = desktop.state === "pending" ? desktop.fingerprint : undefined;
    this.#limit.hidden = !desktop.limitedBy && !fingerprint;
    setText(this.#limit, fingerprint ? `Fingerprint ${fingerprint}` : `Limited by ${desktop.limitedBy}`);
    this.#showMonitors(desktop);
    this.#all.hidden = desktop.monitors.length < 2 || desktop.state !== "online";
    const all = desktop.monitors.every((monitor) => this.#actions.isWatched(desktop.clientId, monitor.index));
    this.#all.disabled = all;
    setText(this.#all, all ? "All screens are watched" : desktop.monitors.length === 2 ? "Watch both screens" : `Watch all ${desktop.monitors.length} screens`);
    this.#stream();
  }

  /** @param {boolean} visible whether anybody sees the card: else its thumbnails rest */
  setVisible(visible) {
    this.#visible = visible;
    this.#stream();
  }

  /** @param {import("./stream.js").StreamFacts} facts */
  hear(facts) {
    for (const thumbnail of this.#thumbnails.values()) thumbnail.hear(facts);
  }

  /** The desktop is gone from the list. */
  remove() {
    for (const thumbnail of this.#thumbnails.values()) thumbnail.remove();
    this.element.remove();
  }

  /** @param {Desktop} desktop */
  #showMonitors(desktop) {
    this.#monitors.hidden = desktop.monitors.length === 0;
    this.#monitors.setAttribute("aria-label", `Screens of ${desktop.friendlyName}`);
    const shape = JSON.stringify(desktop.monitors);
    if (shape !== this.#shape && desktop.monitors.length > 0) {
      this.#shape = shape;
      this.#place(desktop);
    }
    for (const monitor of desktop.monitors) {
      const watched = this.#actions.isWatched(desktop.clientId, monitor.index);
      this.#thumbnails.get(monitor.index)?.setWatched(watched, desktop, monitor);
    }
  }

  /** @param {Desktop} desktop whose monitors are new or moved */
  #place(desktop) {
    const { aspect, places } = geometry(desktop.monitors);
    this.#monitors.style.aspectRatio = String(aspect);
    // A tower of screens must not push the rest of the list away.
    this.#monitors.style.maxWidth = `${Math.min(100, 70 * aspect)}%`;
    const known = new Set(desktop.monitors.map((monitor) => monitor.index));
    for (const [index, thumbnail] of this.#thumbnails) {
      if (known.has(index)) continue;
      thumbnail.remove();
      this.#thumbnails.delete(index);
    }
    for (const { monitor, ...place } of places) {
      let thumbnail = this.#thumbnails.get(monitor.index);
      if (!thumbnail) {
        const toggle = () => this.#actions.toggle(this.#desktop.clientId, monitor.index);
        thumbnail = new Thumbnail(this.#engine, desktop.clientId, monitor.index, toggle);
        this.#thumbnails.set(monitor.index, thumbnail);
      }
      this.#monitors.append(thumbnail.element); // in reading order for the Tab key
      const style = thumbnail.element.style;
      style.left = `${100 * place.left}%`;
      style.top = `${100 * place.top}%`;
      style.width = `${100 * place.width}%`;
      style.height = `${100 * place.height}%`;
    }
  }

  #stream() {
    const wanted = this.#visible && this.#desktop.state === "online";
    for (const thumbnail of this.#thumbnails.values()) thumbnail.setRunning(wanted);
  }
}

/** One monitor as a button that shows what is on it. */
class Thumbnail {
  element;

  #engine;
  #name;
  #surface;
  #running = false;
  #label = el("span", { class: "monitor-name" });

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {string} desktopClientId
   * @param {number} monitorId
   * @param {() => void} onToggle
   */
  constructor(engine, desktopClientId, monitorId, onToggle) {
    this.#engine = engine;
    this.#name = { desktopClientId, monitorId, rendition: THUMBNAIL };
    const canvas = el("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    this.#surface = engine.adopt(canvas);
    this.element = el(
      "button",
      { type: "button", class: "monitor", "data-monitor": monitorId, onclick: onToggle },
      canvas,
      this.#label,
    );
  }

  /**
   * @param {boolean} watched
   * @param {Desktop} desktop
   * @param {Monitor} monitor
   */
  setWatched(watched, desktop, monitor) {
    const name = monitorWords(monitor, desktop.monitors.length);
    this.element.setAttribute("aria-pressed", String(watched));
    this.element.setAttribute("aria-label", `Watch ${name} of ${desktop.friendlyName}, ${monitor.width} by ${monitor.height}`);
    this.element.title = `${name} · ${monitor.width} × ${monitor.height}${monitor.isPrimary ? " · primary" : ""}`;
    setText(this.#label, name);
  }

  /** @param {boolean} running */
  setRunning(running) {
    if (running === this.#running) return;
    this.#running = running;
    if (running) this.#engine.tell({ kind: "open", name: this.#name, surface: this.#surface, hidden: false });
    else this.#engine.tell({ kind: "close", name: this.#name });
  }

  /** @param {import("./stream.js").StreamFacts} facts */
  hear(facts) {
    if (facts.key !== `${this.#name.desktopClientId}:${this.#name.monitorId}:${THUMBNAIL}`) return;
    this.element.dataset.state = facts.state;
    this.element.dataset.frame = String(facts.frameNumber);
  }

  remove() {
    this.setRunning(false);
    this.#engine.tell({ kind: "dropSurface", surface: this.#surface });
    this.element.remove();
  }
}
