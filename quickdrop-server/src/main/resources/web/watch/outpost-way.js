/** One connection to another instance, by a ticket that is good once: it does not come back by itself. */
import { Link } from "../shared/link.js";

/**
 * @param {string} url `https://…`
 * @param {string} ticket stands in the place of a token
 * @param {object} handshake this viewer's first message
 * @param {import("./outposts.js").WayEvents} events
 * @returns {import("./outposts.js").Way}
 */
export function wayTo(url, ticket, handshake, events) {
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    link.end();
  };
  const link = new Link(`wss${url.slice("https".length)}/ws`, () => ticket, {
    onOpen: () => link.send({ type: "handshake", clientInfo: handshake }),
    onLost: () => {},
    onMessage: (message) => {
      if (over) return;
      if (message.type === "handshake_ack") events.onReady();
      else events.onMessage(message);
    },
    onBinary: (message) => {
      if (!over) events.onBinary(message);
    },
    onState: () => {
      if (over || link.state === "connecting" || link.state === "open") return;
      end(); // a second try would need a new ticket
      queueMicrotask(() => events.onLost());
    },
  });
  link.start();
  return { send: (message) => link.send(message), end };
}
