/** The QR code with its addresses: a fresh pairing secret is always on show, and never an old one. */
import { byId, el, setText } from "../shared/dom.js";
import { span } from "../shared/format.js";
import { toast } from "../shared/toasts.js";
import { ask } from "../shared/operator.js";

const SVG = "http://www.w3.org/2000/svg";
/** The white rim that scanners need, modules. */
const QUIET_ZONE = 4;
/** A code is renewed this long before it expires, so that one just scanned still works. */
const RENEW_BEFORE_MS = 20_000;
const RETRY_MS = 3_000;

export class PairingPanel {
  /** @type {string | null} */
  #host = null;
  #expiresAtMs = -Infinity;
  #retryAtMs = -Infinity;
  #asking = false;
  #active = false;
  #url = "";

  constructor() {
    byId("copy").addEventListener("click", () => void this.#copy());
    setInterval(() => this.tick(), 1000);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  /**
   * @param {{host: string, url: string, interfaceName: string, kind: string, preferred: boolean}[]} addresses
   * @param {string | undefined} problem why no phone may get through, as the server sees it
   */
  offer(addresses, problem) {
    const fieldset = byId("addresses");
    const known = addresses.some((address) => address.host === this.#host);
    if (!known) this.#host = (addresses.find((address) => address.preferred) ?? addresses[0])?.host ?? null;
    const rows = addresses.map((address) =>
      el(
        "label",
        { class: "address" },
        el("input", {
          type: "radio",
          name: "address",
          value: address.host,
          checked: address.host === this.#host,
          onchange: () => this.#pick(address.host),
        }),
        el("span", { class: "address-host" }, address.host),
        el(
          "span",
          { class: "address-way muted small" },
          [address.kind, address.interfaceName].filter(Boolean).join(" · "),
        ),
      ),
    );
    fieldset.replaceChildren(el("legend", {}, "Address of this laptop"), ...rows);
    const trouble =
      problem ?? (addresses.length === 0 ? "This laptop is in no network. Join one, or connect a phone by USB tethering." : "");
    if (trouble) fieldset.append(el("p", { class: "small address-problem", role: "alert" }, trouble));
    this.renew();
  }

  /** The code on show was used, or the server forgot it. */
  renew() {
    this.#active = true;
    this.#expiresAtMs = -Infinity;
    this.#retryAtMs = -Infinity;
    this.tick();
  }

  /** The server is away: a code on show would lead nowhere. */
  pause() {
    this.#active = false;
    this.#url = "";
    byId("qr").dataset.stale = "true";
    setText(byId("qr-countdown"), "The code comes back with the server.");
  }

  tick() {
    if (!this.#active || !this.#host) return;
    const nowMs = performance.now();
    const leftMs = this.#expiresAtMs - nowMs;
    // A page that nobody sees makes no secrets.
    const due = leftMs < RENEW_BEFORE_MS && nowMs >= this.#retryAtMs && document.visibilityState === "visible";
    if (due && !this.#asking) void this.#ask(this.#host);
    if (leftMs > 0) {
      setText(byId("qr-countdown"), `A new code in ${span(Math.max(0, leftMs - RENEW_BEFORE_MS))}`);
    } else if (this.#url) {
      this.#url = "";
      byId("qr").dataset.stale = "true";
    }
  }

  /** @param {string} host */
  #pick(host) {
    this.#host = host;
    this.renew();
  }

  /** @param {string} host */
  async #ask(host) {
    this.#asking = true;
    try {
      const pairing = await ask("POST", "/api/pairing", { host });
      if (host !== this.#host) return;
      this.#expiresAtMs = performance.now() + pairing.expiresInMs;
      this.#url = String(pairing.url);
      setText(byId("phone-url"), this.#url.replace(/#.*/, ""));
      byId("qr").replaceChildren(drawing(pairing.qr));
      delete byId("qr").dataset.stale;
    } catch (error) {
      this.#retryAtMs = performance.now() + RETRY_MS;
      setText(byId("qr-countdown"), `No code yet: ${/** @type {Error} */ (error).message}`);
    } finally {
      this.#asking = false;
      this.tick();
    }
  }

  async #copy() {
    if (!this.#url) return toast(byId("toasts"), "There is no address to copy yet.", { tone: "bad" });
    try {
      await navigator.clipboard.writeText(this.#url);
      toast(byId("toasts"), "Copied. The address works once, for two minutes.", { tone: "good" });
    } catch (error) {
      console.warn("the clipboard is not allowed", error);
      // The next best thing: selected, so that one key copies it.
      setText(byId("phone-url"), this.#url);
      getSelection()?.selectAllChildren(byId("phone-url"));
      toast(byId("toasts"), "The browser does not allow copying. The address is selected: copy it by hand.");
    }
  }
}

/**
 * @param {{size: number, path: string}} qr in modules, without the rim
 * @returns {SVGSVGElement} black on white in light and dark alike
 */
function drawing(qr) {
  const full = qr.size + 2 * QUIET_ZONE;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `${-QUIET_ZONE} ${-QUIET_ZONE} ${full} ${full}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the phone page");
  svg.setAttribute("shape-rendering", "crispEdges");
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of [["x", -QUIET_ZONE], ["y", -QUIET_ZONE], ["width", full], ["height", full]]) {
    ground.setAttribute(String(name), String(value));
  }
  ground.setAttribute("fill", "#ffffff");
  const modules = document.createElementNS(SVG, "path");
  modules.setAttribute("fill", "#000000");
  modules.setAttribute("d", qr.path);
  svg.append(ground, modules);
  return svg;
}
