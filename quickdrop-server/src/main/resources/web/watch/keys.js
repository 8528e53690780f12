/** The keyboard, as the help dialog documents it. */

/**
 * @typedef {import("./tile-view.js").TileAction} TileAction
 * @typedef {{kind: "tile", action: TileAction} | {kind: "move", key: string} | {kind: "panel"} | {kind: "help"}
 *     | {kind: "leave"}} KeyMeaning
 */

/** @type {Record<string, TileAction>} */
const TILE_KEYS = {
  Enter: "big",
  " ": "toggle",
  f: "fullscreen",
  z: "zoom",
  s: "screenshot",
  p: "save",
  i: "info",
  o: "options",
  x: "close",
};

/**
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} event
 * @param {{tag: string, dialog: boolean}} where the focus is: element's name; whether a dialog is open
 * @returns {KeyMeaning | null} null: the browser's own business
 */
export function meaningOf(event, { tag, dialog }) {
  if (dialog || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (tag === "INPUT" || tag === "TEXTAREA" || tag === "SELECT") return null;
  const { key } = event;
  // On a button these two press it, and nothing else.
  if ((key === "Enter" || key === " ") && (tag === "BUTTON" || tag === "A" || tag === "SUMMARY")) return null;
  if (key.startsWith("Arrow")) return { kind: "move", key };
  if (key === "Escape") return { kind: "leave" };
  if (key === "?") return { kind: "help" };
  const plain = key.length === 1 ? key.toLowerCase() : key;
  if (plain === "d") return { kind: "panel" };
  const action = TILE_KEYS[plain];
  return action ? { kind: "tile", action } : null;
}
