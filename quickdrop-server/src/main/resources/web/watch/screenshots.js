/** A screenshot, taken by the desktop itself: asked for, fetched, saved and shown. Or the picture as it is here. */
import { download } from "../shared/api.js";
import { byId, setText } from "../shared/dom.js";
import { size } from "../shared/format.js";
import { operatorToken } from "../shared/operator.js";
import { commandWords } from "./command-words.js";

/** Where the server keeps them; anything else it names gets no token of ours. */
const OWN_PATH = /^\/api\/desktops\/[^/?#]+\/screenshots\/[^/?#]+$/;

/** Whoever waited that long does something else by now: it is shown when they ask. */
const LATE_MS = 30_000;

/** @type {string | null} of the picture that the dialog shows */
let shown = null;

/**
 * @param {import("./commands.js").Commands} commands
 * @param {import("./tile-view.js").TileView} tile of which the monitor is known
 * @param {string} title for people
 * @param {{online: boolean, late: (show: () => void) => void}} how `late` is told of a picture that nobody waits for any more
 * @returns {Promise<string | null>} what went wrong, for people
 */
export async function takeScreenshot(commands, tile, title, { online, late }) {
  const sinceMs = performance.now();
  const status = await commands.run(tile.desktopClientId, "screenshot", { screen: tile.monitorId ?? 0 }, { online });
  if (status.status !== "completed") return commandWords(status);
  const url = String(status.result?.url ?? "");
  if (!OWN_PATH.test(url)) return "The server named no screenshot.";
  try {
    const png = await download(url, { token: operatorToken() });
    if (performance.now() - sinceMs > LATE_MS) late(() => present(png, title, status.result));
    else present(png, title, status.result);
    return null;
  } catch (error) {
    return `The screenshot was taken and could not be fetched: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * Saves what is on the canvas.
 * @param {Blob} png
 * @param {string} title
 */
export function savePicture(png, title) {
  const url = URL.createObjectURL(png);
  save(url, fileName(title, new Date()));
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * @param {Blob} png
 * @param {string} title
 * @param {{width?: number, height?: number}} result
 */
function present(png, title, { width, height }) {
  if (shown) URL.revokeObjectURL(shown);
  shown = URL.createObjectURL(png.type ? png : new Blob([png], { type: "image/png" }));
  const name = fileName(title, new Date());
  const dialog = byId("shot");
  const picture = byId("shot-picture");
  picture.src = shown;
  picture.alt = `Screenshot of ${title}`;
  setText(byId("shot-title"), title);
  setText(byId("shot-words"), `${name} · ${width && height ? `${width} × ${height} · ` : ""}${size(png.size)}`);
  byId("shot-link").href = shown;
  byId("shot-link").download = name;
  save(shown, name);
  if (!dialog.open) dialog.showModal();
}

/**
 * @param {string} url
 * @param {string} name
 */
function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

/**
 * @param {string} title
 * @param {Date} now
 * @returns {string} "Front-desk_Left_2026-11-22_14-05-09.png"
 */
export function fileName(title, now) {
  const clean = title.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}-${two(now.getMinutes())}-${two(now.getSeconds())}`;
  return `${clean || "screen"}_${day}_${time}.png`;
}
