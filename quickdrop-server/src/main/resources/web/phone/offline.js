/** Keeps the page on the phone, so that it opens while the laptop is away. */

/**
 * @typedef {"starting" | "kept" | "untrusted" | "unsupported"} OfflineState `untrusted`: browsers keep pages only of those
 *     whose certificate they trust without being talked into it
 */

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
      await navigator.serviceWorker.register("/sw.js", { scope: "/phone", type: "module", updateViaCache: "none" });
      await navigator.serviceWorker.ready;
      this.state = "kept";
    } catch (error) {
      this.state = /** @type {Error} */ (error).name === "TypeError" ? "unsupported" : "untrusted";
      console.info("this page is not kept for times without the laptop", error);
    }
  }
}
