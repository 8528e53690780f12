/** Why no phone gets through: what the server found out, in words. */
import { byId, el, setText } from "../shared/dom.js";
import { ask } from "../shared/operator.js";

/** A code on show for this long, and nobody came: something may be in the way. */
const PATIENCE_MS = 45_000;
const LOOK_EVERY_MS = 5_000;

/** @typedef {{code: string, severity: "ok" | "hint" | "likely" | "certain", title: string, detail: string, todo: string[]}} Finding */

export class DoctorPanel {
  #openedByItself = false;
  #asking = false;
  #lastMs = -Infinity;
  /** @type {number | null} */
  #shownSinceMs = null;

  /**
   * @param {number} nowMs monotonic
   * @param {boolean} waiting whether a code is on show that no phone has used
   */
  tick(nowMs, waiting) {
    const details = /** @type {HTMLDetailsElement} */ (byId("doctor"));
    if (!waiting) this.#shownSinceMs = null;
    else this.#shownSinceMs ??= nowMs;
    if (this.#shownSinceMs !== null && nowMs - this.#shownSinceMs > PATIENCE_MS && !this.#openedByItself) {
      this.#openedByItself = true;
      details.open = true;
    }
    if (details.open && nowMs - this.#lastMs > LOOK_EVERY_MS && document.visibilityState === "visible") void this.#look(nowMs);
  }

  /** @param {number} nowMs */
  async #look(nowMs) {
    if (this.#asking) return;
    this.#asking = true;
    this.#lastMs = nowMs;
    try {
      const { findings } = await ask("GET", "/api/doctor");
      this.#show(findings);
    } catch (error) {
      setText(byId("doctor-state"), `The server does not say: ${/** @type {Error} */ (error).message}`);
    } finally {
      this.#asking = false;
    }
  }

  /** @param {Finding[]} findings the most likely first */
  #show(findings) {
    setText(byId("doctor-state"), findings.length > 0 ? findings[0].title : "Nothing is known to be in the way.");
    const drawn = JSON.stringify(findings);
    const list = byId("doctor-findings");
    if (list.dataset.drawn === drawn) return;
    list.dataset.drawn = drawn;
    list.replaceChildren(
      ...findings.map((finding) =>
        el(
          "li",
          { class: "finding", "data-severity": finding.severity, "data-code": finding.code },
          el("p", { class: "finding-title" }, finding.title),
          finding.detail ? el("p", { class: "small muted" }, finding.detail) : null,
          finding.todo.length > 0 ? el("ul", { class: "small" }, ...finding.todo.map((step) => el("li", {}, step))) : null,
        ),
      ),
    );
  }
}
