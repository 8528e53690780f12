/** When the laptop refuses a take for good: the recording becomes a file of this phone. */
import { el } from "../shared/dom.js";
import { extensionOf } from "./formats.js";

/** The browser needs the bytes a little longer than the click. */
const RELEASE_AFTER_MS = 60_000;

/** @param {import("./uploader.js").Take} take one that is still whole: see `rescuable` */
export async function saveToPhone(take) {
  const url = URL.createObjectURL(await take.toBlob());
  el("a", { href: url, download: `quickdrop-${take.sessionId}.${extensionOf(take.mime)}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), RELEASE_AFTER_MS);
}
