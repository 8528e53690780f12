/**
 * The desktops that the dashboard knows, kept up by the server's observer messages. Pure.
 *
 * @typedef {import("../watch/words.js").Desktop} Desktop
 */

/** Whoever asks to be let in comes first: somebody sits there and waits. */
const ORDER = ["pending", "online", "offline"];

export class DesktopList {
  /** Those that wait are told apart by their key, since two may claim one name. @type {Map<string, Desktop>} */
  #desktops = new Map();

  /** @returns {Desktop[]} as they are to be shown */
  get all() {
    return [...this.#desktops.values()].sort(
      (a, b) =>
        ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
        a.friendlyName.localeCompare(b.friendlyName) ||
        a.clientId.localeCompare(b.clientId),
    );
  }

  /** @param {Desktop[]} desktops everything as it stands */
  reset(desktops) {
    this.#desktops = new Map(desktops.map((desktop) => [keyOf(desktop), desktop]));
  }

  /** @param {Desktop} desktop came, or changed */
  put(desktop) {
    if (desktop.state !== "pending") this.#desktops.delete(waiting(desktop.fingerprint));
    this.#desktops.set(keyOf(desktop), desktop);
  }

  /**
   * @param {string} clientId
   * @param {boolean} removed it is no longer enrolled either; those that wait under its name are told again
   * @param {number} nowTs milliseconds since 1970
   */
  left(clientId, removed, nowTs) {
    for (const [key, desktop] of this.#desktops) {
      if (desktop.clientId !== clientId) continue;
      if (removed) this.#desktops.delete(key);
      else if (desktop.state === "online") {
        this.#desktops.set(key, {
          ...desktop, state: "offline", viewers: 0, capturing: false, fps: 0, kbps: 0, limitedBy: undefined, lastSeenTs: nowTs,
        });
      }
    }
  }
}

/**
 * @param {Desktop} desktop
 * @returns {string} names one row
 */
export function keyOf(desktop) {
  return desktop.state === "pending" ? waiting(desktop.fingerprint) : desktop.clientId;
}

/** @param {string} [fingerprint] */
function waiting(fingerprint) {
  return `?${fingerprint ?? ""}`; // no clientId begins with a question mark
}
