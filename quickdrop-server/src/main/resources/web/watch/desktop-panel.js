/** The list of desktops at the side. */
import { byId, setText } from "../shared/dom.js";
import { DesktopCard } from "./desktop-card.js";
import { timeWords } from "./words.js";

/** @typedef {import("./words.js").Desktop} Desktop */

/** @type {Record<string, number>} */
const ORDER = { online: 0, pending: 1, offline: 2 };

export class DesktopPanel {
  #engine;
  #actions;
  #list = byId("desktops");
  /** @type {Map<string, DesktopCard>} by clientId */
  #cards = new Map();
  /** @type {Set<Element>} cards that are on the screen */
  #inView = new Set();
  #observer;

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {import("./desktop-card.js").CardActions} actions
   */
  constructor(engine, actions) {
    this.#engine = engine;
    this.#actions = actions;
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.#inView.add(target);
        else this.#inView.delete(target);
      }
      this.showVisible();
    });
  }

  /**
   * @param {Desktop[]} desktops
   * @param {number | null} asOfTs when the list came, where the server is out of reach and it may no longer be true
   */
  show(desktops, asOfTs) {
    const sorted = [...desktops].sort(
      (a, b) => (ORDER[a.state] ?? 3) - (ORDER[b.state] ?? 3) || a.friendlyName.localeCompare(b.friendlyName),
    );
    const known = new Set(desktops.map((desktop) => desktop.clientId));
    for (const [clientId, card] of this.#cards) {
      if (known.has(clientId)) continue;
      this.#observer.unobserve(card.element);
      this.#inView.delete(card.element);
      card.remove();
      this.#cards.delete(clientId);
    }
    sorted.forEach((desktop, place) => {
      const card = this.#cards.get(desktop.clientId) ?? this.#add(desktop);
      card.show(desktop, Date.now());
      // Only what really moves: moving an element takes the focus out of it.
      if (this.#list.children[place] !== card.element) this.#list.insertBefore(card.element, this.#list.children[place] ?? null);
    });
    const online = desktops.filter((desktop) => desktop.state === "online").length;
    const count = desktops.length === 0 ? "" : `${online} of ${desktops.length} online`;
    setText(byId("desktops-count"), asOfTs === null || count === "" ? count : `${count} at ${timeWords(asOfTs)}`);
    this.#list.classList.toggle("is-stale", asOfTs !== null);
  }

  /** @param {import("./stream.js").StreamFacts} facts */
  hear(facts) {
    this.#cards.get(facts.key.split(":")[0])?.hear(facts);
  }

  /** Thumbnails move only where and while somebody can see them. */
  showVisible() {
    const shown = document.visibilityState === "visible";
    for (const card of this.#cards.values()) card.setVisible(shown && this.#inView.has(card.element));
  }

  /** @param {Desktop} desktop */
  #add(desktop) {
    const card = new DesktopCard(desktop, this.#engine, this.#actions);
    this.#cards.set(desktop.clientId, card);
    this.#observer.observe(card.element);
    return card;
  }
}
