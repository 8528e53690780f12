/** A recording's receipt, to be compared with the phone's at a glance; its whole checksum on demand. */
import { el, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { receiptOf } from "../shared/receipt.js";

export class ReceiptLine {
  #code = el("span", { class: "receipt-code number" });
  #same = el("span", { class: "receipt-same", hidden: true }, icon("check"), "identical on phone and laptop");
  #whole = el("code", { class: "receipt-hash" });
  element = el(
    "details",
    { class: "recording-receipt small muted", hidden: true },
    el("summary", {}, "Receipt ", this.#code, this.#same),
    el("p", {}, "SHA-256 ", this.#whole),
  );

  /** @param {import("./live-state.js").Recording} recording */
  show({ sha256, confirmed }) {
    this.element.hidden = !sha256;
    if (!sha256) return;
    setText(this.#code, receiptOf(sha256));
    setText(this.#whole, sha256);
    this.#same.hidden = !confirmed;
  }
}
