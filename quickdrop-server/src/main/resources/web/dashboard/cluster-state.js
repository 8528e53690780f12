/**
 * The servers that share one store, and that store, kept up by the server's observer messages; with what is said about them.
 * Pure: the present moment comes in as an argument.
 *
 * @typedef {object} Instance
 * @property {string} id
 * @property {string} name
 * @property {string} url
 * @property {string} state alive, away or left
 * @property {boolean} self
 * @property {number} sinceTs milliseconds since 1970
 * @property {number} seenTs
 *
 * @typedef {{id: string, name: string}} InstanceName
 * @typedef {{kind: string, state: string, sinceTs?: number, detail?: string}} Store
 */
import { span } from "../shared/format.js";

/** One that was ended, or has been away for long, is of no interest any more unless something still lies there. */
const REMEMBERED_MS = 86_400_000;

/** @type {Record<string, string>} */
const STORE_NAMES = { postgresql: "PostgreSQL", sqlite: "SQLite, a file of this server" };

export class ClusterState {
  /** @type {Store} */
  store = { kind: "sqlite", state: "up" };

  /** @type {Map<string, Instance>} by id */
  #instances = new Map();

  /** @param {{instances?: Instance[], store?: Store}} snapshot of a server that may know nothing of either */
  reset({ instances = [], store }) {
    this.#instances = new Map(instances.map((instance) => [instance.id, instance]));
    this.store = store ?? { kind: "sqlite", state: "up" };
  }

  /** @param {Instance} instance came, went, or was heard of again */
  put(instance) {
    this.#instances.set(instance.id, instance);
  }

  /** Whether there is anything to tell: a server by itself has neither others nor another's store. */
  get isCluster() {
    return this.#instances.size > 1 || this.store.kind !== "sqlite";
  }

  /**
   * @param {number} nowTs milliseconds since 1970
   * @returns {Instance[]} this one first, then those that live
   */
  shown(nowTs) {
    const order = ["alive", "away", "left"];
    return [...this.#instances.values()]
      .filter(({ self, state, sinceTs }) => self || state === "alive" || nowTs - sinceTs < REMEMBERED_MS)
      .sort((a, b) => Number(b.self) - Number(a.self) || order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name));
  }

  /**
   * @param {InstanceName | undefined} at where something lies; undefined: here
   * @returns {Instance | null} that instance, if what lies there can't be had now
   */
  absent(at) {
    if (!at) return null;
    const known = this.#instances.get(at.id);
    if (known?.state === "alive") return null;
    return known ?? { ...at, url: "", state: "left", self: false, sinceTs: 0, seenTs: 0 };
  }
}

/**
 * @param {Instance} instance
 * @param {number} nowTs milliseconds since 1970
 * @returns {{tone: "good" | "wait" | "off", short: string, line: string}}
 */
export function instanceWords({ state, self, sinceTs, seenTs }, nowTs) {
  const long = span(Math.max(0, nowTs - sinceTs));
  if (self) return { tone: "good", short: "This one", line: `up for ${long}` };
  if (state === "alive") return { tone: "good", short: "Alive", line: `up for ${long}` };
  if (state === "left") return { tone: "off", short: "Ended", line: `${long} ago` };
  return { tone: "wait", short: "Away", line: `last heard ${span(Math.max(0, nowTs - seenTs))} ago` };
}

/**
 * @param {Store} store
 * @param {number} nowTs milliseconds since 1970
 * @returns {{tone: "good" | "wait", name: string, short: string, line: string}}
 */
export function storeWords({ kind, state, sinceTs }, nowTs) {
  const name = STORE_NAMES[kind] ?? kind;
  const long = sinceTs === undefined ? "" : `for ${span(Math.max(0, nowTs - sinceTs))}`;
  if (state === "down") return { tone: "wait", name, short: "No answer", line: long };
  return { tone: "good", name, short: "Answers", line: long && `again, ${long}` };
}

/**
 * @param {Instance} instance that is not there
 * @returns {string} why what lies there can't be had
 */
export function absentWords({ name, state, sinceTs }) {
  const since = sinceTs > 0 ? ` since ${new Date(sinceTs).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" })}` : "";
  return state === "away"
    ? `It lies at “${name}”, which has been away${since}. It can be had again when that server is back.`
    : `It lies at “${name}”, which was ended${since}. Start that server to have it again.`;
}
