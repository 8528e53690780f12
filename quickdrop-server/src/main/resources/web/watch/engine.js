/**
 * The page's end of the {@link ViewerSession}: starts it in a worker, or in the page where a worker can't paint, and
 * speaks with it.
 */
/** @typedef {import("./viewer-session.js").PageOrder} PageOrder */
/** @typedef {import("./viewer-session.js").SessionNews} SessionNews */

/** A worker that does not answer by then will not; its script is a few small files of the same server. */
const WORKER_TIMEOUT_MS = 8_000;

export class Engine {
  /** @type {"worker" | "page"} where pictures are painted */
  place;

  #post;
  #surfaces = 0;
  #requests = 0;
  /** @type {Map<number, (value: any) => void>} */
  #waiting = new Map();

  /**
   * @param {"worker" | "page"} place
   * @param {(order: PageOrder, transfer: Transferable[]) => void} post
   */
  constructor(place, post) {
    this.place = place;
    this.#post = post;
  }

  /**
   * @param {(news: Exclude<SessionNews, {kind: "answer"} | {kind: "alive"}>) => void} onNews
   * @returns {Promise<Engine>}
   */
  static async start(onNews) {
    /** @type {Engine} */
    let engine;
    const hear = (/** @type {SessionNews} */ news) => {
      if (news.kind === "answer") engine.#answered(news.request, news.value);
      else if (news.kind !== "alive") onNews(news);
    };
    const worker = await paintingWorker();
    if (worker) {
      worker.onmessage = (event) => hear(event.data);
      engine = new Engine("worker", (order, transfer) => worker.postMessage(order, transfer));
    } else {
      const { ViewerSession } = await import("./viewer-session.js");
      const session = new ViewerSession((news) => queueMicrotask(() => hear(news)));
      engine = new Engine("page", (order) => session.handle(order));
    }
    return engine;
  }

  /** @param {Exclude<PageOrder, {kind: "surface"} | {kind: "pixels"} | {kind: "png"}>} order */
  tell(order) {
    this.#post(order, []);
  }

  /**
   * @param {HTMLCanvasElement} canvas given away for good
   * @returns {string} its name from now on
   */
  adopt(canvas) {
    const surface = `s${++this.#surfaces}`;
    const given = this.place === "worker" ? canvas.transferControlToOffscreen() : canvas;
    this.#post({ kind: "surface", surface, canvas: given }, this.place === "worker" ? [/** @type {any} */ (given)] : []);
    return surface;
  }

  /**
   * @param {string} surface
   * @returns {Promise<ImageData | null>} what is on it
   */
  pixels(surface) {
    return this.#request((request) => ({ kind: "pixels", request, surface }));
  }

  /**
   * @param {string} surface
   * @returns {Promise<Blob | null>} what is on it, as a PNG
   */
  png(surface) {
    return this.#request((request) => ({ kind: "png", request, surface }));
  }

  /**
   * @param {(request: number) => PageOrder} order
   * @returns {Promise<any>}
   */
  #request(order) {
    const request = ++this.#requests;
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#post(order(request), []);
    });
  }

  /**
   * @param {number} request
   * @param {unknown} value
   */
  #answered(request, value) {
    this.#waiting.get(request)?.(value);
    this.#waiting.delete(request);
  }
}

/** @returns {Promise<Worker | null>} one that answered; null where the browser lacks something for it */
async function paintingWorker() {
  if (typeof OffscreenCanvas === "undefined" || !("transferControlToOffscreen" in HTMLCanvasElement.prototype)) return null;
  try {
    if (!new OffscreenCanvas(1, 1).getContext("2d")) return null;
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    const alive = await new Promise((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
      setTimeout(() => resolve(false), WORKER_TIMEOUT_MS);
    });
    if (alive) return worker;
    worker.terminate();
  } catch (error) {
    console.warn("this browser paints in the page: no worker to be had", error);
  }
  return null;
}
