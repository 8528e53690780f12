/** One desktop on the dashboard: how it does, and what the operator can do about it. */
import { el, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { formatHash } from "../watch/hash-state.js";
import { DesktopCommands } from "./desktop-commands.js";
import { doingWords, placeWords, stateWords } from "./desktop-words.js";

/**
 * @typedef {import("./desktop-list.js").Desktop} Desktop
 *
 * @typedef {object} RowActions
 * @property {(desktop: Desktop) => Promise<void>} approve
 * @property {(desktop: Desktop) => Promise<void>} refuse
 * @property {(desktop: Desktop) => Promise<void>} revoke
 */

/** @type {Record<string, string>} */
const TONES = { pending: "wait", online: "good" };

export class DesktopRow {
  element;

  /** @type {Desktop} */
  #desktop;
  #name = el("h3", { class: "desktop-name" });
  #state = el("span", { class: "pill pill-small" });
  #place = el("p", { class: "small muted" });
  #doing = el("p", { class: "small number" });
  #limit = el("p", { class: "small muted" });
  #keyWords = el("p", { class: "small muted desktop-key-words" });
  #key = el("code", { class: "desktop-key" });
  #watch = el("a", { class: "button button-small button-main" }, "Watch");
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  #busy = false;
  /** @type {DesktopCommands | null} of those that are let in */
  #commands;

  /**
   * @param {Desktop} desktop
   * @param {RowActions} actions
   */
  constructor(desktop, actions) {
    this.#desktop = desktop;
    const pending = desktop.state === "pending";
    this.#buttons = pending
      ? [this.#button("Approve", "button-main", actions.approve), this.#button("Refuse", "", actions.refuse)]
      : [this.#button(desktop.generation === 1 ? "Remove" : "Revoke", "", actions.revoke)];
    this.#commands = pending ? null : new DesktopCommands(desktop);
    this.element = el(
      "li",
      { class: "card desktop", "data-client": desktop.clientId },
      icon("laptop"),
      el(
        "div",
        { class: "desktop-words" },
        el("div", { class: "desktop-head" }, this.#name, this.#state),
        this.#place,
        this.#doing,
        this.#limit,
        this.#keyWords,
        this.#key,
      ),
      el("div", { class: "desktop-actions" }, pending ? null : this.#watch, ...this.#buttons),
      this.#commands?.element,
    );
  }

  get clientId() {
    return this.#desktop.clientId;
  }

  /** @returns {HTMLElement} */
  get firstAction() {
    return this.#watch.hidden || !this.#watch.isConnected ? this.#buttons[0] : this.#watch;
  }

  /**
   * @param {Desktop} desktop
   * @param {number} nowTs milliseconds since 1970
   */
  show(desktop, nowTs) {
    this.#desktop = desktop;
    const pending = desktop.state === "pending";
    this.element.dataset.state = desktop.state;
    setText(this.#name, desktop.friendlyName);
    setText(this.#state, stateWords(desktop));
    this.#state.dataset.tone = TONES[desktop.state] ?? "off";
    show(this.#place, placeWords(desktop));
    show(this.#doing, doingWords(desktop, nowTs));
    show(this.#limit, desktop.limitedBy ? `Limited by ${desktop.limitedBy}` : "");
    show(
      this.#keyWords,
      pending ? "Approve it only if its own terminal shows this very key. Whoever has it can send pictures under this name." : "",
    );
    show(this.#key, desktop.fingerprint ?? "");
    this.#key.setAttribute("aria-label", `Key of ${desktop.friendlyName}: ${desktop.fingerprint ?? "none"}`);
    this.#watch.hidden = desktop.state !== "online";
    this.#watch.href = `/watch${formatHash({
      watched: [{ desktopClientId: desktop.clientId, monitorId: null, stopped: false }], big: null, info: false,
    })}`;
    this.#watch.setAttribute("aria-label", `Watch ${desktop.friendlyName}`);
    for (const button of this.#buttons) button.setAttribute("aria-label", `${button.textContent} ${desktop.friendlyName}`);
    this.#commands?.show(desktop, nowTs);
  }

  /**
   * Not `disabled`: a button that is disabled loses the focus.
   * @param {boolean} busy
   */
  #setBusy(busy) {
    this.#busy = busy;
    for (const button of this.#buttons) button.setAttribute("aria-disabled", String(busy));
  }

  /**
   * @param {string} words
   * @param {string} style
   * @param {(desktop: Desktop) => Promise<void>} act
   */
  #button(words, style, act) {
    const button = el(
      "button",
      {
        type: "button",
        class: `button button-small ${style}`.trim(),
        onclick: async () => {
          if (this.#busy) return;
          this.#setBusy(true);
          try {
            await act(this.#desktop);
          } finally {
            this.#setBusy(false);
          }
        },
      },
      words,
    );
    return button;
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} words empty hides it
 */
function show(place, words) {
  place.hidden = words === "";
  setText(place, words);
}
