/**
 * Commands to desktops, each followed to its end: `desktop_command` out, `command_status` back.
 *
 * @typedef {{commandId: string, status: string, result?: any, error?: string}} CommandStatus
 */

/** The server lets a command expire after 30 s; longer silence means that the connection took it along. */
const GIVE_UP_MS = 40_000;

const FINAL = ["completed", "failed", "expired"];

export class Commands {
  #send;
  /** @type {Map<string, (status: CommandStatus) => void>} by idempotency key */
  #waiting = new Map();

  /** @param {(message: import("../shared/upload-sender.js").WireMessage) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /**
   * @param {string} desktopClientId
   * @param {"screenshot" | "config" | "start_capture" | "stop_capture"} commandType
   * @param {object} commandData
   * @returns {Promise<CommandStatus>} the last one; never rejected
   */
  run(desktopClientId, commandType, commandData) {
    const idempotencyKey = randomKey();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.heard({ idempotencyKey, commandId: "", status: "expired" }), GIVE_UP_MS);
      this.#waiting.set(idempotencyKey, (status) => {
        clearTimeout(timer);
        resolve(status);
      });
      this.#send({ type: "desktop_command", desktopClientId, commandType, commandData, idempotencyKey });
    });
  }

  /**
   * An error that no stream explains. It names no command either: answers come in the order of the questions.
   * @param {any} message `error`
   */
  refused({ reason, detail }) {
    if (reason !== "forbidden" && reason !== "desktop_unknown" && !String(reason).startsWith("bad_field:")) return;
    const [idempotencyKey] = this.#waiting.keys();
    if (idempotencyKey) this.heard({ idempotencyKey, commandId: "", status: "failed", error: detail ?? reason });
  }

  /** @param {any} message `command_status` */
  heard(message) {
    if (!FINAL.includes(message.status)) return;
    const resolve = this.#waiting.get(message.idempotencyKey);
    this.#waiting.delete(message.idempotencyKey);
    resolve?.(message);
  }
}

/** @returns {string} 32 hex digits; `crypto.randomUUID` is not there on pages that aren't secure */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
