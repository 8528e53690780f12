/** Becoming a known phone: the secret of the QR code is exchanged for a key of this device, once. */
import { ApiError, call } from "../shared/api.js";
import { span } from "../shared/format.js";

const STORAGE_KEY = "quickdrop.device";

/** @typedef {{deviceId: string, key: string, name: string}} Device */

/** Kept when the browser keeps nothing for us (private mode). @type {Device | null} */
let unstored = null;

/** @returns {Device | null} */
export function knownDevice() {
  try {
    const device = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null");
    return typeof device?.key === "string" ? device : unstored;
  } catch (error) {
    console.warn("the stored pairing cannot be read", error);
    return unstored;
  }
}

export function forgetDevice() {
  unstored = null;
  try {
    localStorage.removeItem(STORAGE_KEY);
  } catch (error) {
    console.warn("the stored pairing cannot be removed", error);
  }
}

/** @param {() => void} changed another tab of this page paired */
export function onPairedElsewhere(changed) {
  addEventListener("storage", (event) => {
    if (event.key === STORAGE_KEY && event.newValue) changed();
  });
}

/**
 * Reads the secret from the address and removes it from there at once, before anything can remember it.
 * @returns {string | null}
 */
export function takeSecretFromAddress() {
  const secret = /^#pair=([A-Za-z0-9_-]{16,128})$/.exec(location.hash)?.[1] ?? null;
  if (location.hash.startsWith("#pair=")) history.replaceState(null, "", location.pathname + location.search);
  return secret;
}

/**
 * @param {string} secret
 * @returns {Promise<Device>}
 */
export async function pair(secret) {
  const device = await call("POST", "/api/pair", { body: { secret, name: await deviceName() } });
  unstored = device;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(device));
  } catch (error) {
    console.warn("this browser keeps nothing: the pairing lasts until the page is closed", error);
  }
  return device;
}

/**
 * @param {unknown} error of `pair`
 * @returns {{title: string, words: string, retryable: boolean}}
 */
export function pairingHelp(error) {
  const refused = error instanceof ApiError ? error : null;
  if (refused?.status === 410) {
    return {
      title: "This code is used up",
      words: "A code works once, for two minutes. The laptop already shows a fresh one: scan that.",
      retryable: false,
    };
  }
  if (refused?.status === 429) {
    const wait = refused.retryAfterSeconds ? `Wait ${span(refused.retryAfterSeconds * 1000)}` : "Wait a minute";
    return { title: "Too many tries", words: `${wait}, then scan the code on the laptop again.`, retryable: false };
  }
  if (refused && refused.status > 0) {
    return { title: "The laptop refused this code", words: refused.message, retryable: false };
  }
  return {
    title: "The laptop does not answer",
    words: "Are phone and laptop in the same network? Guest networks often keep devices apart.",
    retryable: true,
  };
}

/** @returns {Promise<string>} what the laptop's list calls this phone, for example "Pixel 8 · Chrome" */
async function deviceName() {
  const agent = navigator.userAgent;
  const browser =
    [
      ["Edg", "Edge"],
      ["SamsungBrowser", "Samsung Internet"],
      ["FxiOS", "Firefox"],
      ["Firefox", "Firefox"],
      ["CriOS", "Chrome"],
      ["Chrome", "Chrome"],
      ["Safari", "Safari"],
    ].find(([mark]) => agent.includes(mark))?.[1] ?? "Browser";
  /** @type {any} */
  const data = /** @type {any} */ (navigator).userAgentData;
  let model = "";
  try {
    model = (await data?.getHighEntropyValues?.(["model"]))?.model ?? "";
  } catch (error) {
    console.warn("the browser does not tell the phone's model", error);
  }
  const device =
    model ||
    (/iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(agent)?.[0] ?? "Phone").replace("Macintosh", "Mac");
  return `${device} · ${browser}`.slice(0, 60);
}
