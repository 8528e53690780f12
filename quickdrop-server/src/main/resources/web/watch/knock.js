/** Asks another instance whether it would have us. */
import { SUBPROTOCOL, TOKEN_PREFIX } from "../shared/link.js";
import { ANSWER_MS } from "./refuge.js";

/**
 * @param {string} url `https://…`
 * @param {string} token the operator's, which opens every instance of a store
 * @returns {Promise<boolean>} never rejected
 */
export function knock(url, token) {
  return new Promise((resolve) => {
    /** @type {WebSocket} */
    let socket;
    const done = (/** @type {boolean} */ answer) => {
      clearTimeout(timer);
      socket.onclose = socket.onmessage = null;
      socket.close();
      resolve(answer);
    };
    try {
      socket = new WebSocket(`wss${url.slice("https".length)}/ws`, [SUBPROTOCOL, TOKEN_PREFIX + token]);
    } catch (error) {
      console.warn(`the browser lets this page not ask ${url}`, error);
      return resolve(false);
    }
    const timer = setTimeout(() => done(false), ANSWER_MS);
    socket.onclose = () => done(false);
    socket.onmessage = () => done(true); // it greets only whom it takes
  });
}
