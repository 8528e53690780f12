/** The phones that are paired, and taking that back. */
import { byId, el, setText } from "../shared/dom.js";
import { age } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { toast } from "../shared/toasts.js";
import { ask } from "../shared/operator.js";

/** @typedef {{id: string, name: string, pairedTs: number, lastSeenTs: number, connected: boolean}} Device */

export class DevicesPanel {
  /** @type {Set<string>} */
  #known = new Set();
  #first = true;
  #onNew;
  #again = false;
  #asking = false;

  /** @param {() => void} onNew a phone paired: the code on show is used up */
  constructor(onNew) {
    this.#onNew = onNew;
  }

  async refresh() {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      const { devices } = await ask("GET", "/api/devices");
      this.#show(devices);
    } catch (error) {
      console.warn("the list of phones is not available", error);
    } finally {
      this.#asking = false;
      if (this.#again) {
        this.#again = false;
        void this.refresh();
      }
    }
  }

  /** @param {number} connected */
  showConnected(connected) {
    setText(byId("phones-connected"), connected === 0 ? "" : `${connected} connected`);
  }

  /** @param {Device[]} devices */
  #show(devices) {
    const fresh = devices.some((device) => !this.#known.has(device.id));
    this.#known = new Set(devices.map((device) => device.id));
    if (fresh && !this.#first) this.#onNew();
    this.#first = false;
    byId("no-devices").hidden = devices.length > 0;
    const sorted = [...devices].sort((a, b) => Number(b.connected) - Number(a.connected) || b.lastSeenTs - a.lastSeenTs);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.device;
    byId("devices").replaceChildren(
      ...sorted.map((device) =>
        el(
          "li",
          { class: "device", "data-connected": device.connected },
          icon("phone"),
          el(
            "div",
            { class: "device-words" },
            el("p", { class: "device-name" }, device.name),
            el(
              "p",
              { class: "small muted" },
              device.connected ? "Connected" : `Last seen ${age(device.lastSeenTs, Date.now())}`,
            ),
          ),
          el(
            "button",
            {
              type: "button",
              class: "button button-small",
              "aria-label": `Remove ${device.name}`,
              "data-device": device.id,
              onclick: () => void this.#revoke(device),
            },
            "Remove",
          ),
        ),
      ),
    );
    if (focused) {
      /** @type {HTMLElement | null} */ (document.querySelector(`[data-device="${CSS.escape(focused)}"]`))?.focus();
    }
  }

  /** @param {Device} device */
  async #revoke(device) {
    if (!confirm(`Remove “${device.name}”? It has to scan a code again to send anything.`)) return;
    try {
      await ask("DELETE", `/api/devices/${encodeURIComponent(device.id)}`);
      toast(byId("toasts"), `“${device.name}” is removed.`);
    } catch (error) {
      toast(byId("toasts"), /** @type {Error} */ (error).message, { tone: "bad" });
    }
    await this.refresh();
  }
}
