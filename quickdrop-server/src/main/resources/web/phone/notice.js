/** The one notice on top of the page. */
import { byId, setText } from "../shared/dom.js";

export class Notice {
  /** What it is about; empty: there is none. */
  key = "";

  /**
   * @param {string} key empty: none
   * @param {string} [title]
   * @param {(string | Node)[]} [words]
   * @param {Node[]} [actions]
   */
  show(key, title = "", words = [], actions = []) {
    if (key === this.key) return;
    this.key = key;
    byId("notice").hidden = key === "";
    setText(byId("notice-title"), title);
    byId("notice-words").replaceChildren(...words);
    byId("notice-actions").replaceChildren(...actions);
  }
}
