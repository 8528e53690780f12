/**
 * While the server is gone: where else this very page can be had. With the operator's token, which opens every instance, the
 * page goes there by itself as soon as one takes it; a page on the server's own machine, which needs none, offers the way.
 */
import { byId, el, setText } from "../shared/dom.js";
import { operatorToken } from "../shared/operator.js";
import { knock } from "./knock.js";
import { Refuge } from "./refuge.js";

export class RefugeBanner {
  #refuge = new Refuge();
  #links = byId("refuge-links");
  #shown = "";

  /** @param {any} info `/api/info` */
  learn(info) {
    this.#refuge.learn(info.instances);
  }

  /** @param {boolean} connected to the own server, or never yet */
  show(connected) {
    const nowMs = performance.now();
    this.#refuge.saw(connected, nowMs);
    const offers = this.#refuge.offers(nowMs);
    byId("refuge").hidden = offers.length === 0;
    if (offers.length === 0) return;
    const token = operatorToken();
    setText(
      byId("refuge-words"),
      token
        ? "The server is out of reach. This page keeps trying, and goes on at another one as soon as it answers:"
        : "The server is out of reach; this page keeps trying. Others of its group, which ask for the operator’s token:",
    );
    const shown = offers.map(({ name, url }) => `${name} ${url}`).join("\n") + location.hash;
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#links.replaceChildren(...offers.map(({ name, url }) => el("a", { class: "button button-small", href: here(url) }, name)));
    }
    if (token) void this.#try(token, nowMs);
  }

  /**
   * @param {string} token
   * @param {number} nowMs
   */
  async #try(token, nowMs) {
    const url = this.#refuge.next(nowMs);
    if (url === null) return;
    const open = await knock(url, token);
    // Behind the hash, which no server sees.
    if (open && this.#refuge.offers(performance.now()).length > 0) location.replace(here(url, token));
    else this.#refuge.failed();
  }
}

/**
 * @param {string} url of an instance
 * @param {string} [token]
 * @returns {string} this page there, with what is watched
 */
function here(url, token) {
  const state = location.hash.replace(/^#/, "");
  const parts = [token ? `token=${token}` : "", state].filter(Boolean).join("&");
  return `${url}/watch${parts ? `#${parts}` : ""}`;
}
