/** The field in a row that names what it shows. */
import { el } from "../shared/dom.js";

/** What the server keeps of a label. */
const MAX_LABEL_CHARS = 32;

export class LabelForm {
  element = el("form", { class: "label-form", hidden: true });
  #onClose;

  /** @param {(open: boolean) => void} onToggle hears when it opens and closes */
  constructor(onToggle) {
    this.#onClose = onToggle;
  }

  /**
   * @param {string} value
   * @param {string} what the field's name for who can't see it
   * @param {(label: string) => Promise<boolean>} save whether it was taken
   */
  open(value, what, save) {
    const input = el("input", {
      type: "text",
      maxLength: MAX_LABEL_CHARS,
      value,
      placeholder: "for example kitchen-tour",
      "aria-label": what,
      spellcheck: false,
      autocomplete: "off",
    });
    const close = () => {
      this.element.hidden = true;
      this.#onClose(false);
    };
    this.element.replaceChildren(
      input,
      el("button", { type: "submit", class: "button button-small button-main" }, "Save"),
      el("button", { type: "button", class: "button button-small", onclick: close }, "Cancel"),
    );
    this.element.onsubmit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (await save(input.value.trim())) close();
    };
    this.element.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") close();
    };
    this.element.hidden = false;
    this.#onClose(true);
    input.focus();
    input.select();
  }
}
