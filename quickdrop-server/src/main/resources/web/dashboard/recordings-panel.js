/** The recordings on the disk, newest first. */
import { byId, setText } from "../shared/dom.js";
import { toast } from "../shared/toasts.js";
import { ask } from "../shared/operator.js";
import { RecordingRow } from "./recording-row.js";

/** @typedef {import("./live-state.js").Recording} Recording */

export class RecordingsPanel {
  /** @type {Map<string, RecordingRow>} */
  #rows = new Map();
  /** Whether the server runs on the machine in front of us. */
  #local = false;

  /** @param {boolean} local */
  setLocal(local) {
    if (local === this.#local) return;
    this.#local = local;
    this.#rows.forEach((row) => row.element.remove());
    this.#rows.clear();
  }

  /**
   * @param {Recording[]} recordings newest first
   * @param {number} nowTs milliseconds since 1970
   */
  show(recordings, nowTs) {
    byId("no-recordings").hidden = recordings.length > 0;
    setText(byId("recordings-count"), recordings.length > 0 ? String(recordings.length) : "");
    const ids = new Set(recordings.map((recording) => recording.id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    /** @type {HTMLUListElement} */
    const list = byId("recordings");
    recordings.forEach((recording, index) => {
      let row = this.#rows.get(recording.id);
      if (!row) {
        row = new RecordingRow(recording, this.#local, {
          remove: () => void this.#remove(recording.id),
          reveal: () => void this.#reveal(recording.id),
          label: (label) => this.#label(recording.id, label),
        });
        this.#rows.set(recording.id, row);
      }
      // Moved only when out of place: a moved <video> stops playing.
      if (list.children[index] !== row.element) list.insertBefore(row.element, list.children[index] ?? null);
      row.show(recording, nowTs);
    });
  }

  /** @param {string} id */
  async #remove(id) {
    try {
      const { undoMs } = await ask("DELETE", pathOf(id));
      toast(byId("toasts"), "Deleted.", {
        ms: Math.min(Number(undoMs) || 10_000, 12_000),
        action: { words: "Undo", run: () => void this.#restore(id) },
      });
    } catch (error) {
      complain(error);
    }
  }

  /** @param {string} id */
  async #restore(id) {
    try {
      await ask("POST", `${pathOf(id)}/restore`);
    } catch (error) {
      complain(error);
    }
  }

  /** @param {string} id */
  async #reveal(id) {
    try {
      await ask("POST", `${pathOf(id)}/reveal`);
    } catch (error) {
      complain(error);
    }
  }

  /**
   * @param {string} id
   * @param {string} label
   * @returns {Promise<boolean>} whether the server took it
   */
  async #label(id, label) {
    try {
      await ask("PATCH", pathOf(id), { label });
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  }
}

/** @param {string} id of a recording: a name that a peer chose */
function pathOf(id) {
  return `/api/recordings/${encodeURIComponent(id)}`;
}

/** @param {unknown} error */
function complain(error) {
  toast(byId("toasts"), /** @type {Error} */ (error).message, { tone: "bad", ms: 8_000 });
}
