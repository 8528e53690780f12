/** Keeps the page on the phone, so that it opens while the laptop is away. */

/**
 * @typedef {"starting" | "kept" | "untrusted" | "unsupported"} OfflineState `untrusted`: browsers keep pages only of those
 *     whose certificate they trust without being talked into it
 */

/**
 * What the service worker answers for. The second is of the page's own threads (the journal, checksums): browsers ask for
 * those under the address of their script, not under that of the page.
 */
const SCOPES = ["/phone", "/assets/shared/"];

export class OfflineCopy {
  /** @type {OfflineState} */
  state = "starting";

  /** Never disturbs: a page that is not kept works as well while the laptop is there. */
  async keep() {
    if (!("serviceWorker" in navigator)) {
      this.state = "unsupported";
      return;
    }
    try {
      await Promise.all(
        SCOPES.map(async (scope) => {
          const options = /** @type {const} */ ({ scope, type: "module", updateViaCache: "none" });
          await untilActive(await navigator.serviceWorker.register("/sw.js", options));
        }),
      );
      this.state = "kept";
    } catch (error) {
      this.state = /** @type {Error} */ (error).name === "SecurityError" ? "untrusted" : "unsupported";
      console.info("this page is not kept for times without the laptop", error);
    }
  }
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<void>} rejects when it could not be installed
 */
function untilActive(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return Promise.resolve();
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      else if (worker.state === "redundant") reject(new DOMException("the page could not be kept whole", "AbortError"));
    });
  });
}
