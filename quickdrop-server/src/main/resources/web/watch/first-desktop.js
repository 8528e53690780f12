/** What stands in the list while there is no desktop: the line that starts an agent, made when somebody asks for it. */
import { byId, setText } from "../shared/dom.js";
import { span } from "../shared/format.js";
import { ask } from "../shared/operator.js";

export class FirstDesktop {
  #say;
  #expiresAtMs = -Infinity;

  /** @param {(words: string, tone?: "good" | "bad") => void} say */
  constructor(say) {
    this.#say = say;
    byId("make-line").addEventListener("click", () => void this.#make());
    byId("copy-line").addEventListener("click", () => void this.#copy());
  }

  /** @param {boolean} isNeeded no desktop is known */
  show(isNeeded) {
    byId("no-desktops").hidden = !isNeeded;
    const leftMs = this.#expiresAtMs - performance.now();
    if (!isNeeded || leftMs <= 0) this.#forget();
    else setText(byId("line-life"), `Good once, for ${span(leftMs)}.`);
  }

  async #make() {
    byId("make-line").disabled = true;
    try {
      const enrolment = await ask("POST", "/api/desktops/enrolment");
      /** @type {{preferred: boolean, command: string}[]} */
      const addresses = enrolment.addresses;
      const address = addresses.find((one) => one.preferred) ?? addresses[0];
      if (!address) return this.#say("This server has no address that another computer could reach.", "bad");
      this.#expiresAtMs = performance.now() + enrolment.expiresInMs;
      setText(byId("agent-command"), address.command);
      byId("line-row").hidden = false;
      byId("copy-line").focus();
      this.show(true);
    } catch (error) {
      this.#say(`No line: ${error instanceof Error ? error.message : error}`, "bad");
    } finally {
      byId("make-line").disabled = false;
    }
  }

  /** An old code is good for nothing. */
  #forget() {
    this.#expiresAtMs = -Infinity;
    byId("line-row").hidden = true;
    setText(byId("agent-command"), "");
    setText(byId("line-life"), "");
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(byId("agent-command").textContent ?? "");
      this.#say("Copied.", "good");
    } catch (error) {
      console.warn("the clipboard is closed to this page", error);
      this.#say("The browser does not let this page copy: mark the line and copy it yourself.", "bad");
    }
  }
}
