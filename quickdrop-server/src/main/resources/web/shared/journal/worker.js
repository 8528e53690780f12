/** The journal's own thread: files are written synchronously here, and nothing on the page waits for it. */
import { JournalDesk } from "./desk.js";

/** Both ends' messages: {number, call, args} · {number, progress} · {number, answer} · {number, error: {name, message}} */
const desk = new JournalDesk();

self.addEventListener("message", async (event) => {
  const { number, call, args } = event.data;
  const progress = (/** @type {unknown} */ value) => postMessage({ number, progress: value });
  try {
    const answer = await /** @type {any} */ (desk)[call](...args, progress);
    postMessage({ number, answer });
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    postMessage({ number, error: { name, message } });
  }
});
