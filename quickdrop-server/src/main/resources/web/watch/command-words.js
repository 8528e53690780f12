/**
 * What is said about commands. Pure: the present moment comes in as an argument.
 *
 * @typedef {import("./commands.js").CommandType} CommandType
 */

/** @type {Record<string, string>} */
const NAMES = { screenshot: "Screenshot", config: "Limits", stop_capture: "Pause", start_capture: "Resume" };

/**
 * @param {string} commandType
 * @returns {string} "Screenshot"
 */
export function commandName(commandType) {
  return NAMES[commandType] ?? commandType;
}

/**
 * @param {{status: string, error?: string}} status the last `command_status`
 * @returns {string} for people
 */
export function commandWords({ status, error }) {
  if (status === "expired") return "The desktop did not get to it in time, and won’t any more.";
  if (status === "failed") return error ? `The desktop could not do it: ${error}` : "The desktop could not do it.";
  return status === "completed" ? "done" : status;
}

/**
 * @param {{status: string, untilTs: number}} running
 * @param {{online: boolean, connected: boolean}} around whether the desktop is there, and the server
 * @param {number} nowTs milliseconds since 1970
 * @returns {string} how far it is
 */
export function progressWords({ status, untilTs }, { online, connected }, nowTs) {
  if (!connected) return "The server is out of reach. What it was asked it keeps; this page asks again when it is back.";
  if (status === "delivered") return "The desktop is at it.";
  if (!online) return `The desktop is offline: it will be done when it comes back, until ${untilWords(untilTs, nowTs)}.`;
  return status === "pending" ? "The desktop is told…" : "Asking…";
}

/**
 * @param {number} ts milliseconds since 1970
 * @param {number} nowTs
 * @returns {string} the time of day, with the day where it is another
 */
export function untilWords(ts, nowTs) {
  const date = new Date(ts);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return date.toDateString() === new Date(nowTs).toDateString()
    ? time
    : `${date.toLocaleDateString([], { weekday: "short" })} ${time}`;
}
