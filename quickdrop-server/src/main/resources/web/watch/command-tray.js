/** What desktops were asked for from this page and have not done yet, and what came late. */
import { byId, el, setText } from "../shared/dom.js";
import { commandName, progressWords } from "./command-words.js";

/** Most are done before anybody could read that they began. */
const SHOWN_AFTER_MS = 1_200;

export class CommandTray {
  #commands;
  #list = byId("tray");
  /** @type {Map<string, {element: HTMLElement, title: HTMLElement, words: HTMLElement}>} by key */
  #rows = new Map();

  /** @param {import("./commands.js").Commands} commands */
  constructor(commands) {
    this.#commands = commands;
  }

  /**
   * @param {Map<string, import("./words.js").Desktop>} desktops
   * @param {boolean} connected to the server
   * @param {number} nowTs milliseconds since 1970
   */
  show(desktops, connected, nowTs) {
    const waits = (/** @type {string} */ clientId) => !connected || desktops.get(clientId)?.state !== "online";
    const running = this.#commands.running.filter(
      ({ sinceTs, desktopClientId }) => waits(desktopClientId) || nowTs >= sinceTs + SHOWN_AFTER_MS,
    );
    const keys = new Set(running.map(({ key }) => key));
    for (const [key, { element }] of this.#rows) {
      if (keys.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    for (const command of running) {
      const desktop = desktops.get(command.desktopClientId);
      const online = desktop?.state === "online";
      const row = this.#rows.get(command.key) ?? this.#add(command.key);
      row.element.dataset.waits = String(!online && command.status !== "delivered");
      setText(row.title, `${commandName(command.commandType)} · ${desktop?.friendlyName ?? command.desktopClientId}`);
      setText(row.words, progressWords(command, { online, connected }, nowTs));
    }
    this.#list.hidden = this.#rows.size === 0;
  }

  /** @param {string} key */
  #add(key) {
    const title = el("strong", {});
    const words = el("span", { class: "small" });
    const row = { element: el("li", { class: "card tray-row" }, el("span", { class: "tray-beat", "aria-hidden": "true" }), title, words), title, words };
    this.#rows.set(key, row);
    this.#list.append(row.element);
    return row;
  }
}
