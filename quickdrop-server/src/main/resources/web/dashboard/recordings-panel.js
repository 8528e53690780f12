/** The recordings on the disk, newest first; the parts of a take as one. */
import { byId, setText } from "../shared/dom.js";
import { size, span } from "../shared/format.js";
import { toast } from "../shared/toasts.js";
import { ask } from "../shared/operator.js";
import { absentWords } from "./cluster-state.js";
import { RecordingRow } from "./recording-row.js";
import { TakeRow } from "./take-row.js";
import { grouped } from "./takes.js";

/**
 * @typedef {import("./live-state.js").Recording} Recording
 * @typedef {import("./takes.js").Take} Take
 */

/** How often a running export is asked how far it is. */
const EXPORT_LOOK_MS = 700;

export class RecordingsPanel {
  /** @type {Map<string, RecordingRow | TakeRow>} */
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
   * @param {Iterable<import("./live-state.js").Session>} sessions what is on its way
   * @param {number} nowTs milliseconds since 1970
   * @param {import("./cluster-state.js").ClusterState} cluster
   */
  show(recordings, sessions, nowTs, cluster) {
    const items = grouped(recordings, sessions);
    byId("no-recordings").hidden = items.length > 0 || cluster.store.state === "down";
    setText(byId("recordings-count"), items.length > 0 ? String(items.length) : "");
    const keys = new Set(items.map(keyOf));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    /** @type {HTMLUListElement} */
    const list = byId("recordings");
    items.forEach((item, index) => {
      let row = this.#rows.get(keyOf(item));
      if (!row) {
        row = this.#rowOf(item);
        this.#rows.set(keyOf(item), row);
      }
      // Moved only when out of place: a moved <video> stops playing.
      if (list.children[index] !== row.element) list.insertBefore(row.element, list.children[index] ?? null);
      const parts = "parts" in item ? item.parts : [item];
      const absent = parts.map((part) => cluster.absent(part.instance)).find((one) => one !== null);
      /** @type {any} */ (row).show(item, nowTs, absent ? absentWords(absent) : "");
    });
  }

  /** @param {Recording | Take} item */
  #rowOf(item) {
    if ("parts" in item) {
      return new TakeRow(item, {
        remove: (take) => void this.#remove(take.parts.map((part) => part.id)),
        label: async (take, label) => {
          const taken = await Promise.all(take.parts.map((part) => this.#label(part.id, label)));
          return taken.every(Boolean);
        },
        exportWhole,
      });
    }
    return new RecordingRow(item, this.#local, {
      remove: () => void this.#remove([item.id]),
      reveal: () => void this.#reveal(item.id),
      label: (label) => this.#label(item.id, label),
    });
  }

  /** @param {string[]} ids of one recording, or of all parts of a take */
  async #remove(ids) {
    /** @type {string[]} */
    const removed = [];
    let undo = 0;
    try {
      for (const id of ids) {
        const { undoMs } = await ask("DELETE", pathOf(id));
        undo = Number(undoMs) || 10_000;
        removed.push(id);
      }
    } catch (error) {
      complain(error);
    }
    if (removed.length === 0) return;
    toast(byId("toasts"), removed.length === 1 ? "Deleted." : `Deleted ${removed.length} parts.`, {
      ms: Math.min(undo, 12_000),
      action: { words: "Undo", run: () => void this.#restore(removed) },
    });
  }

  /** @param {string[]} ids */
  async #restore(ids) {
    for (const id of ids) {
      try {
        await ask("POST", `${pathOf(id)}/restore`);
      } catch (error) {
        complain(error);
      }
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

/**
 * Has one file made of the take, and downloads it.
 * @param {Take} take
 * @param {(words: string, share: number | null) => void} say
 */
async function exportWhole(take, say) {
  const path = `/api/takes/${encodeURIComponent(take.takeId)}/export`;
  try {
    let state = await ask("POST", path);
    while (state.state === "waiting" || state.state === "working") {
      say(state.state === "waiting" ? "Waiting for its turn…" : `${Math.round(100 * state.share)} %`, state.share);
      await new Promise((resolve) => setTimeout(resolve, EXPORT_LOOK_MS));
      state = await ask("GET", path);
    }
    if (state.state !== "ready") throw new Error(state.note ?? "It could not be made.");
    say(`${state.fileName}, ${size(state.bytes)}, ${span(state.ms)}. Gaps are closed; a chapter names each.`, null);
    location.assign(`${path}/content`);
  } catch (error) {
    say(`No file: ${/** @type {Error} */ (error).message} The parts can be downloaded one by one.`, null);
  }
}

/** @param {Recording | Take} item */
function keyOf(item) {
  return "parts" in item ? `take ${item.takeId} ${item.parts[0].peer}` : item.id;
}

/** @param {string} id of a recording: a name that a peer chose */
function pathOf(id) {
  return `/api/recordings/${encodeURIComponent(id)}`;
}

/** @param {unknown} error */
function complain(error) {
  toast(byId("toasts"), /** @type {Error} */ (error).message, { tone: "bad", ms: 8_000 });
}
