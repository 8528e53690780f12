/**
 * The commands of one desktop as they are shown: what became of each, by whom, when. Pure: the present moment comes in.
 *
 * @typedef {object} Command as in `GET /api/desktops/{id}/commands`
 * @property {string} commandId
 * @property {string} type
 * @property {any} [data]
 * @property {string} status pending, delivered, completed, failed or expired
 * @property {string} [askedBy]
 * @property {number} createdTs by the store's clock, as all of them; milliseconds since 1970
 * @property {number} expiresTs
 * @property {number} [deliveredTs]
 * @property {number} [endedTs]
 * @property {any} [result]
 * @property {string} [error]
 *
 * @typedef {{state: "done" | "now" | "ahead" | "bad" | "never", words: string}} Step one stop of its way
 */
import { age, span } from "../shared/format.js";
import { commandName, untilWords } from "../watch/command-words.js";

/** @param {Command} command */
export function isOpen({ status }) {
  return status === "pending" || status === "delivered";
}

/**
 * @param {Command} command
 * @returns {string} "Screenshot of screen 2", "Limits: 10 fps, quality 80"
 */
export function titleWords({ type, data = {} }) {
  if (type === "screenshot" && Number(data.screen) > 0) return `Screenshot of screen ${Number(data.screen) + 1}`;
  if (type !== "config") return commandName(type);
  const limits = [
    data.maxFps === undefined ? "" : `${Number(data.maxFps)} fps`,
    data.maxQuality === undefined ? "" : `quality ${Number(data.maxQuality)}`,
  ].filter(Boolean);
  return limits.length > 0 ? `${commandName(type)}: ${limits.join(", ")}` : commandName(type);
}

/**
 * @param {Command} command
 * @returns {Step[]} asked, told, done
 */
export function steps({ status, createdTs, deliveredTs, endedTs }) {
  const told = deliveredTs === undefined ? "" : `told after ${short(deliveredTs - createdTs)}`;
  const took = endedTs === undefined ? "" : short(endedTs - createdTs);
  /** @type {Step} */
  const asked = { state: "done", words: "asked" };
  switch (status) {
    case "pending":
      return [asked, { state: "now", words: "waits to be told" }, { state: "ahead", words: "not done yet" }];
    case "delivered":
      return [asked, { state: "done", words: told || "told" }, { state: "now", words: "at work" }];
    case "completed":
      return [asked, { state: "done", words: told || "told" }, { state: "done", words: `done after ${took}` }];
    case "expired":
      return [asked, { state: told ? "done" : "never", words: told || "never told" }, { state: "never", words: "expired" }];
    default:
      return [asked, { state: told ? "done" : "never", words: told || "never told" }, { state: "bad", words: `failed after ${took}` }];
  }
}

/**
 * @param {Command} command
 * @param {boolean} online whether its desktop is there
 * @param {number} nowTs milliseconds since 1970
 * @returns {{tone: "good" | "wait" | "bad" | "off", short: string, note: string}}
 */
export function statusWords(command, online, nowTs) {
  const { status, createdTs, endedTs, expiresTs, error } = command;
  if (status === "completed") return { tone: "good", short: "Done", note: `after ${short((endedTs ?? createdTs) - createdTs)}` };
  if (status === "failed") return { tone: "bad", short: "Failed", note: error ?? "The desktop could not do it." };
  if (status === "expired") return { tone: "off", short: "Expired", note: error ?? "It did not begin in time, and never will." };
  if (status === "delivered") return { tone: "wait", short: "At work", note: "The desktop was told and has not answered yet." };
  const note = online ? "It is about to be told." : `The desktop is offline: it will be done when it comes back, until ${untilWords(expiresTs, nowTs)}.`;
  return { tone: "wait", short: online ? "On its way" : "Waits", note };
}

/**
 * @param {Command} command
 * @param {number} nowTs
 * @returns {string} "operator, 5 min ago"
 */
export function askedWords({ askedBy, createdTs }, nowTs) {
  return [askedBy, age(createdTs, nowTs)].filter(Boolean).join(", ");
}

/**
 * @param {Command[]} commands
 * @returns {string} "2 open", "the last one failed"; "" where there is nothing to look into
 */
export function summaryWords(commands) {
  const open = commands.filter(isOpen).length;
  if (open > 0) return `${open} open`;
  return commands[0]?.status === "failed" ? "the last one failed" : "";
}

/** @param {number} ms */
function short(ms) {
  const at = Math.max(0, ms);
  return at < 10_000 ? `${(at / 1000).toFixed(1)} s` : span(at);
}
