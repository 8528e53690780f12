/**
 * Commands to desktops, each followed to its end: `desktop_command` out, `command_status` back. The server keeps them, so a
 * command outlives this page's connection: after a reconnect it is asked for again under the same key, and told how it stands.
 *
 * @typedef {"screenshot" | "config" | "start_capture" | "stop_capture"} CommandType
 * @typedef {{commandId: string, status: string, result?: any, error?: string}} CommandStatus
 *
 * @typedef {object} Running a command that has not ended
 * @property {string} key
 * @property {string} desktopClientId
 * @property {CommandType} commandType
 * @property {object} commandData
 * @property {string} status `asked` until the server says that it has it
 * @property {number} sinceTs milliseconds since 1970
 * @property {number} untilTs when it expires unless the desktop began it
 */

/** A desktop that is there answers within moments, or is about to be lost. */
export const SOON_MS = 60_000;
/** An hour later nobody waits for that picture any more. */
export const PICTURE_LATER_MS = 3_600_000;
/** What an absent desktop is to do for good: as long as the protocol allows. */
export const SETTING_LATER_MS = 86_400_000;
/** The server ends a command that nobody answers a minute past its time; longer silence is no answer. */
const GRACE_MS = 90_000;

const FINAL = ["completed", "failed", "expired"];

export class Commands {
  #send;
  #onChange;
  /** @type {Map<string, {running: Running, onStatus: (running: Running) => void, end: (status: CommandStatus) => void}>} by idempotency key, oldest first */
  #open = new Map();

  /**
   * @param {(message: import("../shared/upload-sender.js").WireMessage) => void} send may lose it while there is no connection
   * @param {() => void} [onChange] one more is running, one less, or one got further
   */
  constructor(send, onChange = () => {}) {
    this.#send = send;
    this.#onChange = onChange;
  }

  /** @returns {Running[]} oldest first */
  get running() {
    return [...this.#open.values()].map(({ running }) => running);
  }

  /**
   * @param {string} desktopClientId
   * @param {CommandType} commandType
   * @param {object} commandData
   * @param {{online?: boolean, onStatus?: (running: Running) => void}} [how] `online`: whether the desktop is there; else it
   *     gets more time
   * @returns {Promise<CommandStatus>} the last one; never rejected
   */
  run(desktopClientId, commandType, commandData, { online = true, onStatus = () => {} } = {}) {
    const sinceTs = Date.now();
    const untilTs = sinceTs + (online ? SOON_MS : commandType === "screenshot" ? PICTURE_LATER_MS : SETTING_LATER_MS);
    const key = randomKey();
    /** @type {Running} */
    const running = { key, desktopClientId, commandType, commandData, status: "asked", sinceTs, untilTs };
    return new Promise((resolve) => {
      const silence = { idempotencyKey: key, commandId: "", status: "expired" };
      const timer = setTimeout(() => this.heard(silence), untilTs - sinceTs + GRACE_MS);
      const end = (/** @type {CommandStatus} */ status) => {
        clearTimeout(timer);
        resolve(status);
      };
      this.#open.set(key, { running, onStatus, end });
      this.#ask(running);
      this.#onChange();
    });
  }

  /** The server answers again: it may have missed what was asked, and we what it said. */
  reconnected() {
    for (const { running } of this.#open.values()) this.#ask(running);
  }

  /**
   * An error that no stream explains. It names no command either: answers come in the order of the questions.
   * @param {any} message `error`
   */
  refused({ reason, detail }) {
    if (reason !== "forbidden" && reason !== "desktop_unknown" && !String(reason).startsWith("bad_field:")) return;
    const [idempotencyKey] = this.#open.keys();
    if (idempotencyKey) this.heard({ idempotencyKey, commandId: "", status: "failed", error: detail ?? reason });
  }

  /** @param {any} message `command_status` */
  heard(message) {
    const known = this.#open.get(message.idempotencyKey);
    if (!known) return;
    if (FINAL.includes(message.status)) {
      this.#open.delete(message.idempotencyKey);
      known.end(message);
    } else {
      known.running.status = message.status;
      known.onStatus(known.running);
    }
    this.#onChange();
  }

  /** @param {Running} running */
  #ask({ key, desktopClientId, commandType, commandData, untilTs }) {
    const expiresInMs = Math.max(1, untilTs - Date.now());
    this.#send({ type: "desktop_command", desktopClientId, commandType, commandData, idempotencyKey: key, expiresInMs });
  }
}

/** @returns {string} 32 hex digits; `crypto.randomUUID` is not there on pages that aren't secure */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
