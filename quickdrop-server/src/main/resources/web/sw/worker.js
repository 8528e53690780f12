/**
 * Opens the phone page while the laptop is away, and takes what other apps share with it. Runs as the service worker of
 * `/phone`, and again as that of its threads; the server puts the set before it (`/sw.js`).
 *
 * The network goes first, for as long as a person waits gladly. The parts of a page are kept as one set, with the exact
 * contents that the server named; as soon as the server has another set, the whole old one goes: two versions never mix.
 * Nothing but the set is ever kept, least of all answers of the API.
 *
 * @typedef {object} PageSet
 * @property {string} version
 * @property {Record<string, string>} etags of each part, by its path
 */
import { keepShared } from "./share.js";

const PAGE = "/phone";
const SHARE = "/phone/share";
const PREFIX = "quickdrop-phone-";
/** Longer than this and the page that is kept opens; sending finds the laptop by itself when it answers. */
const PATIENCE_MS = 2_500;

/**
 * @param {any} scope the worker's global scope
 * @param {PageSet} set
 */
export function keep(scope, set) {
  const name = PREFIX + set.version;
  const { caches, location } = scope;

  async function install() {
    const cache = await caches.open(name);
    await Promise.all(
      Object.entries(set.etags).map(async ([path, etag]) => {
        const response = await scope.fetch(path, { cache: "no-store" });
        const found = response.headers.get("ETag");
        if (!response.ok || found !== etag) throw new Error(`${path}: found ${response.status} ${found}; the set has ${etag}`);
        await cache.put(path, response);
      }),
    );
    await scope.skipWaiting(); // what the one before keeps is of no use any more
  }

  async function activate() {
    for (const other of await caches.keys()) {
      if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
    }
    await scope.clients.claim();
  }

  /** @param {string} path */
  async function kept(path) {
    return (await caches.has(name)) ? (await caches.open(name)).match(path) : undefined;
  }

  /** @param {Request} request */
  async function page(request) {
    const fallback = await kept(PAGE);
    try {
      const response = await withPatience(scope.fetch(request), fallback ? PATIENCE_MS : Infinity);
      if (response.ok && response.headers.get("QuickDrop-Version") !== set.version) {
        await caches.delete(name); // this page's parts come from the network
        void scope.registration.update();
      }
      return response.ok ? response : (fallback ?? response);
    } catch (error) {
      if (!fallback) throw error;
      return fallback;
    }
  }

  /** @param {Request} request */
  async function part(request) {
    return (await kept(new URL(request.url).pathname)) ?? scope.fetch(request);
  }

  scope.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
  scope.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
  scope.addEventListener("fetch", (/** @type {any} */ event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (request.method === "POST" && url.pathname === SHARE) event.respondWith(keepShared(request, PAGE));
    else if (request.method !== "GET") return;
    else if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
    else if (url.pathname !== PAGE && url.pathname in set.etags) event.respondWith(part(request));
  });
}

/**
 * @template T
 * @param {Promise<T>} answer
 * @param {number} ms
 * @returns {Promise<T>}
 */
function withPatience(answer, ms) {
  if (ms === Infinity) return answer;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
