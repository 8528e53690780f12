/**
 * What refusals over plain HTTPS (docs/http-api.md, uploads) mean to a machine that knows those of a WebSocket. They come
 * without an offset, so that the machine asks where to go on (`start`): nothing else is on its way that could tell. Pure.
 */

const NOT_AUTHENTICATED = 4401;
const SUPERSEDED = 4409;
const LOST = 1006;

/**
 * @param {number} status HTTP status, 0: no answer
 * @param {any} problem `application/problem+json`, or null
 * @param {string} sessionId
 * @returns {{kind: "message", message: import("./upload-sender.js").WireMessage} | {kind: "close", code: number}}
 */
export function problemAsMessage(status, problem, sessionId) {
  const reason = typeof problem?.reason === "string" ? problem.reason : "";
  const error = (/** @type {string} */ name) => ({
    kind: /** @type {const} */ ("message"),
    message: {
      type: "error",
      reason: name,
      sessionId,
      ...(typeof problem?.detail === "string" ? { detail: problem.detail } : {}),
    },
  });
  const close = (/** @type {number} */ code) => ({ kind: /** @type {const} */ ("close"), code });
  if (status === 401) return close(NOT_AUTHENTICATED);
  if (reason === "superseded") return close(SUPERSEDED);
  if (reason === "digest_mismatch") return error("chunk_corrupt");
  // It is saved already, or the server never heard of it: `start` tells which, and where to go on.
  if (reason === "completed" || (status === 404 && reason === "session_unknown")) return error("end_without_start");
  if (reason === "inconsistent_length") return error("integrity_mismatch");
  if (reason === "session_limit") return error("rate_limited"); // here it says when to come again
  if (reason === "" || reason === "going_away") return close(LOST);
  return error(reason);
}
