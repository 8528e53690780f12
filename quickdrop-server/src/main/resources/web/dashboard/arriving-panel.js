/** Takes that are on their way, live. */
import { byId, el, setText } from "../shared/dom.js";
import { age, rate, size } from "../shared/format.js";
import { toast } from "../shared/toasts.js";
import { ask } from "../shared/operator.js";
import { Player } from "./player.js";

/** @typedef {import("./live-state.js").Session} Session */

/** @type {Record<string, {words: string, detail: string}>} */
const STATES = {
  receiving: { words: "Arriving", detail: "" },
  completing: { words: "Checking the copy", detail: "" },
  repairing: { words: "Mending", detail: "Some bytes differ from the phone’s. It sends them again." },
  orphaned: { words: "Interrupted", detail: "The phone is away. It goes on by itself when it is back; nothing that arrived is lost." },
  stalled: { words: "Disk full", detail: "Make room on this laptop and it goes on by itself. The phone keeps what is not here yet." },
};

export class ArrivingPanel {
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /**
   * @param {import("./live-state.js").LiveState} live
   * @param {number} nowMs monotonic
   * @param {boolean} stale what is shown is of the past
   */
  show(live, nowMs, stale) {
    byId("arriving-section").hidden = live.sessions.size === 0;
    for (const [id, row] of this.#rows) {
      if (live.sessions.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    for (const session of live.sessions.values()) {
      let row = this.#rows.get(session.sessionId);
      if (!row) {
        row = new Row(session);
        this.#rows.set(session.sessionId, row);
        byId("arriving").prepend(row.element);
      }
      row.show(session, stale ? 0 : live.rate(session.sessionId, nowMs));
    }
  }
}

class Row {
  #state = el("p", { class: "arriving-state", role: "status" });
  #numbers = el("p", { class: "small number" });
  #detail = el("p", { class: "small" });
  #fill = el("span", { class: "bar-safe" });
  #bar = el("div", { class: "bar" }, this.#fill);
  #player = new Player();
  /** @type {Session} */
  #session;
  #play;
  #keep;
  element;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#play = el(
      "button",
      { type: "button", class: "button button-small", "aria-expanded": false, onclick: () => this.#togglePlayer() },
      "Play what is here",
    );
    this.#keep = el(
      "button",
      { type: "button", class: "button button-small", onclick: () => void keepPartial(session.sessionId) },
      "Keep what came",
    );
    this.element = el(
      "li",
      { class: "card arriving-take" },
      el(
        "div",
        { class: "arriving-head" },
        el(
          "div",
          { class: "arriving-names" },
          el("p", { class: "arriving-name" }, session.label || session.fileName || "New take"),
          el("p", { class: "small muted" }, `from ${session.peer}, began ${age(session.ts, Date.now())}`),
        ),
        this.#state,
      ),
      this.#bar,
      this.#numbers,
      this.#detail,
      el("div", { class: "arriving-actions" }, this.#play, this.#keep),
      this.#player.element,
    );
  }

  /**
   * @param {Session} session
   * @param {number} bytesPerSecond
   */
  show(session, bytesPerSecond) {
    this.#session = session;
    const here = !session.instance; // another server has what came
    this.#play.hidden = !here || session.bytes === 0 || !/^(video|audio)\//.test(session.mime ?? "");
    const state = STATES[session.state] ?? { words: session.state, detail: "" };
    this.element.dataset.state = session.state;
    setText(this.#state, state.words);
    setText(this.#detail, state.detail);
    this.#detail.hidden = state.detail === "";
    this.#keep.hidden = !here || session.state !== "orphaned";
    const total = session.totalBytes;
    const share = total ? Math.min(1, session.bytes / total) : null;
    const unknown = share === null && session.state === "receiving";
    this.#bar.classList.toggle("bar-endless", unknown);
    this.#fill.style.width = share === null ? "100%" : `${100 * share}%`;
    const moving = session.state === "receiving" && bytesPerSecond > 0;
    setText(
      this.#numbers,
      [
        `${size(session.bytes)}${total ? ` of ${size(total)}` : ""} safe ${session.instance ? `at ${session.instance.name}` : "on this laptop"}`,
        moving ? rate(bytesPerSecond) : "",
      ]
        .filter(Boolean)
        .join(" · "),
    );
  }

  /** What is durable now, to its last slice: the address says how much, so that the player sees a file that stays the same. */
  #togglePlayer() {
    if (this.#player.isOpen) this.#player.close();
    else {
      const { sessionId, bytes, mime } = this.#session;
      this.#player.open([{ source: `/api/sessions/${encodeURIComponent(sessionId)}/content?bytes=${bytes}` }], {
        audio: (mime ?? "").startsWith("audio/"),
      });
    }
    this.#play.setAttribute("aria-expanded", String(this.#player.isOpen));
    setText(this.#play, this.#player.isOpen ? "Close the player" : "Play what is here");
  }
}

/** @param {string} sessionId */
async function keepPartial(sessionId) {
  if (!confirm("End this take here? What arrived is kept as a partial recording; the phone can’t go on with it.")) return;
  try {
    await ask("DELETE", `/api/sessions/${encodeURIComponent(sessionId)}`);
  } catch (error) {
    toast(byId("toasts"), /** @type {Error} */ (error).message, { tone: "bad" });
  }
}
