/** The worker: a {@link ViewerSession} behind messages. */
import { ViewerSession } from "./viewer-session.js";

const scope = /** @type {DedicatedWorker} */ (/** @type {unknown} */ (globalThis));
const session = new ViewerSession((news, transfer = []) => scope.postMessage(news, transfer));
scope.onmessage = (/** @type {{data: import("./viewer-session.js").PageOrder}} */ event) => session.handle(event.data);
// The page gives its canvases away for good: only to somebody who answers.
scope.postMessage({ kind: "alive" }, []);

/**
 * @typedef {object} DedicatedWorker what this file needs of `DedicatedWorkerGlobalScope`
 * @property {(news: import("./viewer-session.js").SessionNews, transfer: Transferable[]) => void} postMessage
 * @property {(event: {data: import("./viewer-session.js").PageOrder}) => void} onmessage
 */
