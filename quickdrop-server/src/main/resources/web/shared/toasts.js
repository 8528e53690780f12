/** Short notices that go away by themselves. */
import { el } from "./dom.js";

/**
 * @param {HTMLElement} place a polite live region
 * @param {string} text
 * @param {{tone?: "good" | "bad", action?: {words: string, run: () => void}, ms?: number}} [options]
 */
export function toast(place, text, { tone, action, ms = 5_000 } = {}) {
  const notice = el("div", { class: `toast ${tone ? `toast-${tone}` : ""}` }, el("span", {}, text));
  const close = () => notice.remove();
  if (action) {
    notice.append(
      el("button", { type: "button", class: "toast-action", onclick: () => (close(), action.run()) }, action.words),
    );
  }
  place.append(notice);
  while (place.children.length > 3) place.firstElementChild?.remove();
  let timer = setTimeout(close, ms);
  // Nobody should have to race a notice that carries a button.
  notice.addEventListener("pointerenter", () => clearTimeout(timer));
  notice.addEventListener("focusin", () => clearTimeout(timer));
  notice.addEventListener("pointerleave", () => (timer = setTimeout(close, ms)));
}
