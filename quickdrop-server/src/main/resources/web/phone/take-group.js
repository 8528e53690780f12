/** One take in the list: a card, or, once its recorder has been started anew, its parts in the order they were recorded. */
import { el, setText } from "../shared/dom.js";

/** @typedef {import("./take-card.js").TakeCard} TakeCard */

export class TakeGroup {
  /** @type {TakeCard[]} */
  #cards = [];
  #name;
  #head = el("p", { class: "take-head", hidden: true });
  #parts = el("ol", { class: "parts" });
  element = el("li", { class: "take-group" }, this.#head, this.#parts);

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
  }

  /** @param {TakeCard} card of the next part */
  add(card) {
    this.#cards.push(card);
    this.#parts.append(card.element);
    this.#show();
  }

  /** @param {TakeCard} card of a part that is no longer there */
  remove(card) {
    this.#cards = this.#cards.filter((other) => other !== card);
    card.element.remove();
    this.#show();
  }

  #show() {
    const several = this.#cards.length > 1;
    this.element.hidden = this.#cards.length === 0;
    this.element.classList.toggle("card", several);
    this.#head.hidden = !several;
    setText(this.#head, `${this.#name} · ${this.#cards.length} parts`);
    this.#cards.forEach((card, index) => card.rename(several ? `Part ${index + 1}` : this.#name));
  }
}
