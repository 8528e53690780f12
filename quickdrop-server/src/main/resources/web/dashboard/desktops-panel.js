/** The computers whose screens can be watched, and those that ask to be let in. */
import { ApiError } from "../shared/api.js";
import { byId, setText } from "../shared/dom.js";
import { toast } from "../shared/toasts.js";
import { AddDesktop } from "./add-desktop.js";
import { keyOf } from "./desktop-list.js";
import { DesktopRow } from "./desktop-row.js";
import { countWords } from "./desktop-words.js";
import { ask } from "../shared/operator.js";

/** @typedef {import("./desktop-list.js").Desktop} Desktop */

export class DesktopsPanel {
  #add = new AddDesktop();
  /** @type {Map<string, DesktopRow>} */
  #rows = new Map();
  /** What was there before, to tell what is new; null before the first look. @type {Set<string> | null} */
  #told = null;

  /**
   * @param {import("./desktop-list.js").DesktopList} list
   * @param {number} nowTs milliseconds since 1970
   * @param {boolean} stale what is shown is of the past
   */
  show(list, nowTs, stale) {
    const desktops = list.all;
    byId("no-desktops").hidden = desktops.length > 0;
    setText(byId("desktops-count"), countWords(desktops));
    this.#place(desktops, nowTs);
    if (!stale) this.#greet(desktops);
  }

  /**
   * Moves only rows that stand wrong, so that focus stays where it is.
   * @param {Desktop[]} desktops
   * @param {number} nowTs
   */
  #place(desktops, nowTs) {
    const keys = new Set(desktops.map(keyOf));
    /** @type {string | null} */
    let focusLost = null;
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      if (row.element.contains(document.activeElement)) focusLost = row.clientId;
      row.element.remove();
      this.#rows.delete(key);
    }
    const place = byId("desktops");
    desktops.forEach((desktop, index) => {
      const key = keyOf(desktop);
      let row = this.#rows.get(key);
      if (!row) {
        row = new DesktopRow(desktop, this.#actions);
        this.#rows.set(key, row);
      }
      if (place.children[index] !== row.element) place.insertBefore(row.element, place.children[index] ?? null);
      row.show(desktop, nowTs);
    });
    // Whoever approved or revoked with the keyboard goes on where that desktop stands now, or at the head of the list.
    if (focusLost !== null) (this.#rows.get(focusLost)?.firstAction ?? byId("add-desktop")).focus();
  }

  /** @param {Desktop[]} desktops */
  #greet(desktops) {
    const before = this.#told;
    this.#told = new Set(desktops.map((desktop) => `${desktop.state} ${keyOf(desktop)}`));
    if (!before) return;
    for (const desktop of desktops.filter((each) => !before.has(`${each.state} ${keyOf(each)}`))) {
      if (desktop.state === "pending") toast(byId("toasts"), `“${desktop.friendlyName}” asks to be let in.`);
      if (desktop.state === "online" && this.#add.isOpen) {
        this.#add.close();
        toast(byId("toasts"), `“${desktop.friendlyName}” is here.`, { tone: "good" });
      }
    }
  }

  #actions = {
    /** @param {Desktop} desktop */
    approve: (desktop) =>
      attempt(() => ask("POST", decision(desktop, "approve")), `“${desktop.friendlyName}” is let in.`),
    /** @param {Desktop} desktop */
    refuse: (desktop) => attempt(() => ask("POST", decision(desktop, "refuse")), `“${desktop.friendlyName}” is refused.`),
    /** @param {Desktop} desktop */
    revoke: async (desktop) => {
      const keyless = desktop.generation === 1;
      const question = keyless
        ? `Remove “${desktop.friendlyName}”? It has no key, so it can come back as long as old (v1) clients are let in.`
        : `Revoke “${desktop.friendlyName}”? Its picture stops at once, and it needs a new code to come back.`;
      if (!confirm(question)) return;
      await attempt(
        () => ask("DELETE", `/api/desktops/${encodeURIComponent(desktop.clientId)}`),
        `“${desktop.friendlyName}” is ${keyless ? "removed" : "revoked"}.`,
      );
    },
  };
}

/**
 * @param {Desktop} desktop
 * @param {string} verb
 */
function decision(desktop, verb) {
  return `/api/desktops/pending/${encodeURIComponent(desktop.fingerprint ?? "")}/${verb}`;
}

/**
 * @param {() => Promise<unknown>} act
 * @param {string} done
 */
async function attempt(act, done) {
  try {
    await act();
    toast(byId("toasts"), done, { tone: "good" });
  } catch (error) {
    const gone = error instanceof ApiError && error.status === 404;
    toast(byId("toasts"), gone ? "It is not there any more." : /** @type {Error} */ (error).message, { tone: "bad" });
  }
}
