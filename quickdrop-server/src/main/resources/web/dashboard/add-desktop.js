/** The dialog with the command line that adds a desktop. Its code is made when it opens, and never shown too late. */
import { byId, el, setText } from "../shared/dom.js";
import { span } from "../shared/format.js";
import { ask } from "../shared/operator.js";

/** @typedef {{host: string, interfaceName: string, kind: string, preferred: boolean, command: string}} Address */

export class AddDesktop {
  /** @type {Address[]} */
  #addresses = [];
  #host = "";
  #expiresAtMs = -Infinity;
  #asking = false;

  constructor() {
    byId("add-desktop").addEventListener("click", () => void this.#open());
    byId("new-code").addEventListener("click", () => void this.#renew());
    byId("copy-command").addEventListener("click", () => void this.#copy());
    byId("agent-address").addEventListener("change", () => this.#pick(byId("agent-address").value));
    byId("adding").addEventListener("close", () => this.#forget());
    setInterval(() => this.#tick(), 1000);
  }

  get isOpen() {
    return byId("adding").open;
  }

  close() {
    byId("adding").close();
  }

  async #open() {
    byId("adding").showModal();
    await this.#renew();
  }

  async #renew() {
    if (this.#asking) return;
    this.#asking = true;
    byId("new-code").disabled = true;
    this.#forget();
    setText(byId("code-life"), "Making a code…");
    try {
      const enrolment = await ask("POST", "/api/desktops/enrolment");
      if (!this.isOpen) return;
      this.#addresses = enrolment.addresses;
      this.#expiresAtMs = performance.now() + enrolment.expiresInMs;
      const known = this.#addresses.some((address) => address.host === this.#host);
      if (!known) this.#host = (this.#addresses.find((address) => address.preferred) ?? this.#addresses[0])?.host ?? "";
      this.#offer();
    } catch (error) {
      setText(byId("code-life"), `No code: ${/** @type {Error} */ (error).message}`);
    } finally {
      this.#asking = false;
      byId("new-code").disabled = false;
    }
  }

  #offer() {
    byId("agent-address").replaceChildren(
      ...this.#addresses.map((address) => {
        const way = [address.kind, address.interfaceName].filter(Boolean).join(", ");
        return el(
          "option",
          { value: address.host, selected: address.host === this.#host },
          way ? `${address.host} (${way})` : address.host,
        );
      }),
    );
    byId("agent-address-row").hidden = this.#addresses.length < 2;
    this.#pick(this.#host);
  }

  /** @param {string} host */
  #pick(host) {
    this.#host = host;
    const command = this.#addresses.find((address) => address.host === host)?.command ?? "";
    setText(byId("agent-command"), command);
    byId("copy-command").disabled = command === "";
    this.#tick();
  }

  #tick() {
    if (!this.isOpen || this.#addresses.length === 0) return;
    const leftMs = this.#expiresAtMs - performance.now();
    if (leftMs > 0) return setText(byId("code-life"), `The code in it is good once, for ${span(leftMs)}.`);
    this.#forget();
    setText(byId("code-life"), "The code is too old now. Make a new one.");
  }

  #forget() {
    this.#addresses = [];
    this.#expiresAtMs = -Infinity;
    setText(byId("agent-command"), "");
    byId("copy-command").disabled = true;
  }

  async #copy() {
    const command = byId("agent-command");
    try {
      await navigator.clipboard.writeText(command.textContent);
      setText(byId("copied"), "Copied");
      setTimeout(() => setText(byId("copied"), ""), 3000);
    } catch (error) {
      console.warn("the clipboard is not allowed", error);
      // The next best thing: selected, so that one key copies it.
      getSelection()?.selectAllChildren(command);
      setText(byId("copied"), "Selected: copy it by hand");
    }
  }
}
