/** When a phone opens the page but not the connection: it does not trust the laptop's certificate yet. */
import { el } from "../shared/dom.js";

/** @returns {Promise<boolean>} whether plain HTTPS works, so that only the WebSocket is refused */
export async function untrustedCertificate() {
  try {
    return (await fetch("/phone", { cache: "no-store" })).ok;
  } catch (error) {
    console.warn("HTTPS does not work either: the laptop is out of reach", error);
    return false;
  }
}

/** @returns {[title: string, words: (string | Node)[], actions: Node[]]} */
export function trustHelp() {
  return [
    "This phone opens the page but not the connection",
    [
      el("span", {}, "It does not trust this laptop’s certificate yet. Do this once:"),
      el(
        "ol",
        {},
        el("li", {}, "Get the certificate below. Android: install it under Settings, Security, Install a certificate, CA certificate. iPhone: Settings, General, VPN & Device Management, install the QuickDrop profile."),
        el("li", {}, "iPhone only, also needed: Settings, General, About, Certificate Trust Settings, switch QuickDrop on. Then come back here."),
      ),
    ],
    [
      el("a", { class: "button button-main", href: "/ca.crt", download: "" }, "Get the certificate"),
      el("button", { type: "button", class: "button", onclick: () => location.reload() }, "I did both"),
    ],
  ];
}
