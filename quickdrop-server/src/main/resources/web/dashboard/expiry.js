/** When something goes by itself: said beforehand, and what to do against it. */
import { byId, el, setText } from "../shared/dom.js";
import { span } from "../shared/format.js";
import { ask } from "../shared/operator.js";
import { toast } from "../shared/toasts.js";

/**
 * @param {number} expiresTs milliseconds since 1970
 * @param {number} nowTs
 * @returns {string}
 */
export function expiryWords(expiresTs, nowTs) {
  const left = expiresTs - nowTs;
  return left <= 60_000 ? "Its end never came: it goes to the trash now." : `Its end never came: it is deleted in ${span(left)}.`;
}

/** The line below a partial recording, or a take with partial parts. */
export class ExpiryNote {
  #words = el("span", {});
  /** @type {string[]} */
  #ids = [];
  element = el(
    "p",
    { class: "expiry small", hidden: true },
    this.#words,
    el("button", { type: "button", class: "button button-small", onclick: () => void this.#keep() }, "Keep"),
  );

  /**
   * @param {{id: string, expiresTs?: number}[]} recordings
   * @param {number} nowTs
   */
  show(recordings, nowTs) {
    const going = recordings.filter((recording) => recording.expiresTs !== undefined);
    this.element.hidden = going.length === 0;
    this.#ids = going.map((recording) => recording.id);
    if (going.length > 0) setText(this.#words, expiryWords(Math.min(...going.map((one) => Number(one.expiresTs))), nowTs));
  }

  async #keep() {
    try {
      for (const id of this.#ids) await ask("POST", `/api/recordings/${encodeURIComponent(id)}/keep`);
    } catch (error) {
      toast(byId("toasts"), /** @type {Error} */ (error).message, { tone: "bad" });
    }
  }
}

/** What went by itself, until it was taken back or its time in the trash is over. */
export class ExpiredPanel {
  #asking = false;
  #dismissed = new Set();

  async refresh() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { expired } = await ask("GET", "/api/retention");
      this.#show(expired);
    } catch (error) {
      console.warn("what expired is not known", error);
    } finally {
      this.#asking = false;
    }
  }

  /** @param {{id: string, fileName: string, label?: string}[]} expired */
  #show(expired) {
    const news = expired.filter((recording) => !this.#dismissed.has(recording.id));
    byId("expired").hidden = news.length === 0;
    byId("expired-list").replaceChildren(
      ...news.map((recording) =>
        el(
          "li",
          {},
          el("span", {}, recording.label || recording.fileName),
          el("button", { type: "button", class: "button button-small", onclick: () => void this.#restore(recording.id) }, "Take back"),
        ),
      ),
    );
    byId("expired-dismiss").onclick = () => {
      news.forEach((recording) => this.#dismissed.add(recording.id));
      byId("expired").hidden = true;
    };
  }

  /** @param {string} id */
  async #restore(id) {
    try {
      await ask("POST", `/api/recordings/${encodeURIComponent(id)}/restore`);
      toast(byId("toasts"), "It is back, and stays.", { tone: "good" });
    } catch (error) {
      toast(byId("toasts"), /** @type {Error} */ (error).message, { tone: "bad" });
    }
    void this.refresh();
  }
}
