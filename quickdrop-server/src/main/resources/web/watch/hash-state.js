/**
 * What is watched, in the address, so that a reload comes back to it and a link leads to it. Pure.
 *
 * `#watch=front-desk:0,lab:1!&big=lab:1&info`: two screens, the second stopped and filling the window, with details. A
 * screen without a number is the desktop's primary one.
 *
 * @typedef {{desktopClientId: string, monitorId: number | null, stopped: boolean}} Watched
 * @typedef {{watched: Watched[], big: string | null, info: boolean}} HashState
 */

/** More than anybody looks at; an address that names more was not made by this page. */
export const MAX_WATCHED = 36;

const SCREEN = /^([A-Za-z0-9._-]{1,64})(?::(\d{1,3}))?(!?)$/;

/**
 * @param {string} hash as in `location.hash`; whatever it holds, what is not understood is left out
 * @returns {HashState}
 */
export function parseHash(hash) {
  /** @type {HashState} */
  const state = { watched: [], big: null, info: false };
  const seen = new Set();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [name, value = ""] = part.split("=", 2);
    if (name === "info") state.info = true;
    if (name === "big" && SCREEN.test(value)) state.big = value;
    if (name !== "watch") continue;
    for (const item of value.split(",")) {
      const found = SCREEN.exec(item);
      if (!found || Number(found[2] ?? 0) > 255 || state.watched.length >= MAX_WATCHED) continue;
      const screen = `${found[1]}:${found[2] ?? ""}`;
      if (seen.has(screen)) continue;
      seen.add(screen);
      const monitorId = found[2] === undefined ? null : Number(found[2]);
      state.watched.push({ desktopClientId: found[1], monitorId, stopped: found[3] === "!" });
    }
  }
  return state;
}

/**
 * @param {HashState} state
 * @returns {string} for the address; empty if nothing is watched
 */
export function formatHash({ watched, big, info }) {
  if (watched.length === 0) return "";
  const screens = watched.map(({ desktopClientId, monitorId, stopped }) => {
    return `${desktopClientId}${monitorId === null ? "" : `:${monitorId}`}${stopped ? "!" : ""}`;
  });
  return `#watch=${screens.join(",")}${big ? `&big=${big}` : ""}${info ? "&info" : ""}`;
}
