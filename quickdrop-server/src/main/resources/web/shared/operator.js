/** Who looks at this page: the laptop itself, or somebody with the operator’s token. */
import { call } from "./api.js";

const STORAGE_KEY = "quickdrop.operator";

/** @type {string | null} */
let token = readToken();

/** @returns {string | null} */
export function operatorToken() {
  return token;
}

/** @param {string | null} value kept for this tab only */
export function useOperatorToken(value) {
  token = value;
  try {
    if (value) sessionStorage.setItem(STORAGE_KEY, value);
    else sessionStorage.removeItem(STORAGE_KEY);
  } catch (error) {
    console.warn("this browser keeps nothing: the token lasts until a reload", error);
  }
}

/**
 * A call of the API as the operator.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
export function ask(method, path, body) {
  return call(method, path, { body, token });
}

/** Moves a token from the address into the tab's memory, and out of the address; what stands behind it stays. */
export function takeTokenFromAddress() {
  const [, found, rest] = /^#token=([A-Za-z0-9_-]{16,256})(?:&(.*))?$/.exec(location.hash) ?? [];
  if (location.hash.startsWith("#token=")) {
    history.replaceState(null, "", location.pathname + location.search + (rest ? `#${rest}` : ""));
  }
  if (found) useOperatorToken(found);
  return found !== undefined;
}

/** @returns {string | null} */
function readToken() {
  try {
    return sessionStorage.getItem(STORAGE_KEY);
  } catch (error) {
    console.warn("this browser keeps nothing", error);
    return null;
  }
}
