/** The server's HTTP API as promises: JSON in, JSON out, refusals as `ApiError`. */

/** Longer than this and the person is told rather than kept waiting. */
const TIMEOUT_MS = 15_000;

export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, 0 when no answer came
   * @param {string} code for programs, for example "PAIRING_EXPIRED"
   * @param {string} message for people
   * @param {number} [retryAfterSeconds]
   */
  constructor(status, code, message, retryAfterSeconds) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{body?: unknown, token?: string | null}} [options]
 * @returns {Promise<any>} the JSON, or null where the answer has no body
 */
export async function call(method, path, { body, token } = {}) {
  return answerTo(method, path, { body, token }, jsonOf);
}

/**
 * A file of the API. A link could not carry the token.
 * @param {string} path
 * @param {{token?: string | null}} [options]
 * @returns {Promise<Blob>}
 */
export async function download(path, { token } = {}) {
  return answerTo("GET", path, { token }, (response) => response.blob());
}

/**
 * @template T
 * @param {string} method
 * @param {string} path
 * @param {{body?: unknown, token?: string | null}} options
 * @param {(response: Response) => Promise<T>} read within the same time limit
 * @returns {Promise<T>}
 */
async function answerTo(method, path, { body, token }, read) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: abort.signal,
    });
    if (response.ok) return await read(response);
    const json = await jsonOf(response);
    throw new ApiError(
      response.status,
      typeof json?.error === "string" ? json.error : `HTTP_${response.status}`,
      typeof json?.message === "string" ? json.message : `The server answered ${response.status}.`,
      Number(response.headers.get("Retry-After")) || undefined,
    );
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, "UNREACHABLE", "The laptop cannot be reached right now.");
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response */
async function jsonOf(response) {
  if (!response.headers.get("Content-Type")?.includes("json")) return null;
  try {
    return await response.json();
  } catch (error) {
    console.warn("the server announced JSON and sent something else", error);
    return null;
  }
}
