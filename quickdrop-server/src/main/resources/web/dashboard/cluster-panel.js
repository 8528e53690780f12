/** The servers that share one store, as a picture; and what works and what does not while that store is down. */
import { byId, el, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { operatorToken } from "../shared/operator.js";
import { instanceWords, storeWords } from "./cluster-state.js";

/** @typedef {import("./cluster-state.js").Instance} Instance */

export class ClusterPanel {
  /** @type {Map<string, Node>} by id of the instance */
  #nodes = new Map();
  #store = new StoreNode();

  constructor() {
    byId("store").append(this.#store.element);
  }

  /**
   * @param {import("./live-state.js").LiveState} live
   * @param {number} nowTs milliseconds since 1970
   * @param {boolean} stale what is shown is of the past
   */
  show(live, nowTs, stale) {
    const { cluster } = live;
    this.#showOutage(cluster.store, stale);
    byId("cluster-section").hidden = !cluster.isCluster;
    if (!cluster.isCluster) return;
    const instances = cluster.shown(nowTs);
    const alive = instances.filter(({ state }) => state === "alive").length;
    setText(byId("cluster-count"), `${alive} of ${instances.length} alive`);
    const ids = new Set(instances.map(({ id }) => id));
    for (const [id, node] of this.#nodes) {
      if (ids.has(id)) continue;
      node.element.remove();
      this.#nodes.delete(id);
    }
    const list = byId("instances");
    instances.forEach((instance, index) => {
      const node = this.#nodes.get(instance.id) ?? new Node();
      this.#nodes.set(instance.id, node);
      if (list.children[index] !== node.element) list.insertBefore(node.element, list.children[index] ?? null);
      const here = live.desktops.all.filter(
        ({ state, instance: at }) => state === "online" && (instance.self ? at === undefined : at === instance.name),
      );
      const arriving = [...live.sessions.values()].filter(({ instance: at }) => (instance.self ? !at : at?.id === instance.id));
      node.show(instance, here.length, arriving.length, nowTs);
    });
    this.#store.show(cluster.store, nowTs);
    byId("cluster").dataset.store = cluster.store.state;
  }

  /**
   * @param {import("./cluster-state.js").Store} store
   * @param {boolean} stale
   */
  #showOutage({ state, sinceTs, detail }, stale) {
    const down = state === "down" && !stale;
    byId("store-down").hidden = !down;
    if (!down) return;
    const since = sinceTs === undefined ? "" : ` since ${new Date(sinceTs).toLocaleTimeString()}`;
    setText(byId("store-down-title"), `The store has not answered${since}`);
    setText(byId("store-down-detail"), detail ?? "");
    byId("store-down-detail").hidden = !detail;
  }
}

/** One instance. */
class Node {
  #name = el("a", { class: "node-name" });
  #pill = el("span", { class: "pill pill-small" });
  #line = el("p", { class: "small muted number" });
  #load = el("p", { class: "small number" });
  /** @type {Instance | null} */
  #instance = null;
  element = el(
    "li",
    { class: "card node" },
    icon("laptop"),
    el("div", { class: "node-words" }, el("div", { class: "node-head" }, this.#name, this.#pill), this.#line, this.#load),
  );

  constructor() {
    this.#name.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#open(event));
  }

  /**
   * @param {Instance} instance
   * @param {number} desktops connected there
   * @param {number} arriving recordings
   * @param {number} nowTs milliseconds since 1970
   */
  show(instance, desktops, arriving, nowTs) {
    this.#instance = instance;
    const words = instanceWords(instance, nowTs);
    this.element.dataset.state = instance.state;
    this.element.dataset.instance = instance.id;
    this.element.dataset.self = String(instance.self);
    setText(this.#name, instance.name);
    this.#name.title = instance.url;
    if (instance.self || instance.state !== "alive" || !instance.url.startsWith("https://")) this.#name.removeAttribute("href");
    else this.#name.href = `${instance.url}/`;
    setText(this.#pill, words.short);
    this.#pill.dataset.tone = words.tone;
    setText(this.#line, words.line);
    setText(
      this.#load,
      [
        desktops === 0 ? "" : desktops === 1 ? "1 desktop" : `${desktops} desktops`,
        arriving === 0 ? "" : arriving === 1 ? "1 recording arrives" : `${arriving} recordings arrive`,
      ]
        .filter(Boolean)
        .join(" · "),
    );
    this.#load.hidden = this.#load.textContent === "";
  }

  /**
   * One token opens all of them; it goes behind the hash, which no server sees, and into no address that can be copied.
   * @param {MouseEvent} event
   */
  #open(event) {
    const token = operatorToken();
    if (!token || !this.#instance || !this.#name.href) return;
    event.preventDefault();
    window.open(`${this.#instance.url}/#token=${token}`, "_blank", "noopener,noreferrer");
  }
}

/** What they share. */
class StoreNode {
  #name = el("strong", { class: "node-name" });
  #pill = el("span", { class: "pill pill-small" });
  #line = el("p", { class: "small muted number" });
  element = el(
    "div",
    { class: "card node node-store" },
    icon("store"),
    el("div", { class: "node-words" }, el("div", { class: "node-head" }, this.#name, this.#pill), this.#line),
  );

  /**
   * @param {import("./cluster-state.js").Store} store
   * @param {number} nowTs milliseconds since 1970
   */
  show(store, nowTs) {
    const words = storeWords(store, nowTs);
    this.element.dataset.state = store.state;
    setText(this.#name, words.name);
    setText(this.#pill, words.short);
    this.#pill.dataset.tone = words.tone;
    setText(this.#line, words.line);
    this.#line.hidden = words.line === "";
  }
}
