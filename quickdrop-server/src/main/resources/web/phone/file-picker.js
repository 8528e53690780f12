/** Ways for files to get onto the page: a button, and dropping them anywhere on it. */
import { byId } from "../shared/dom.js";

/** @param {(files: File[]) => void} onFiles at least one */
export function watchForFiles(onFiles) {
  /** @type {HTMLInputElement} */
  const input = byId("file-input");
  const hand = (/** @type {FileList | null | undefined} */ list) => {
    const files = [...(list ?? [])];
    if (files.length > 0) onFiles(files);
  };
  byId("send-files").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    hand(input.files);
    input.value = ""; // so that the same file can be picked again
  });

  // Entering a child is told before leaving its parent: only the count knows whether the files are still over the page.
  let depth = 0;
  const over = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  const show = () => (byId("drop").hidden = depth === 0);
  addEventListener("dragenter", (event) => {
    if (!over(event)) return;
    event.preventDefault();
    depth++;
    show();
  });
  addEventListener("dragover", (event) => {
    if (over(event)) event.preventDefault();
  });
  addEventListener("dragleave", (event) => {
    if (!over(event)) return;
    depth = Math.max(0, depth - 1);
    show();
  });
  addEventListener("drop", (event) => {
    if (!over(event)) return;
    event.preventDefault(); // else the browser would leave the page for the file
    depth = 0;
    show();
    hand(event.dataTransfer?.files);
  });
}
