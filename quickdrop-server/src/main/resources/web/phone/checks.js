/** Finds out what `diagnosis.js` judges. Each check has a time limit, and none changes anything. */

const PATIENCE_MS = 8_000;
const SERVER_KEY = "quickdrop.server";

/**
 * @param {{link: import("../shared/either-link.js").EitherLink, hello: any}} uploader
 * @param {import("./offline.js").OfflineCopy} offline
 * @param {string} journalKind
 * @param {string | null} key of this device
 * @returns {Promise<import("./diagnosis.js").Facts>}
 */
export async function check(uploader, offline, journalKind, key) {
  const [https, socket, storage, camera] = await Promise.all([page(), websocket(key), room(journalKind), cameraPermission()]);
  const id = socket?.serverId ?? uploader.hello?.serverId ?? null;
  return {
    address: location.origin,
    secure: isSecureContext,
    https,
    websocket: socket && { ms: socket.ms },
    way: uploader.link.way,
    offline: offline.state,
    server: id && { id, before: knownServer(id) },
    clockMs: socket?.clockMs ?? null,
    storage,
    camera,
    bytesPerSecond: https && (await speed()),
  };
}

/** @returns {Promise<{ms: number} | null>} */
async function page() {
  const sinceMs = performance.now();
  try {
    const response = await fetch("/phone", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.arrayBuffer();
    return response.ok ? { ms: performance.now() - sinceMs } : null;
  } catch (error) {
    console.info("the laptop does not answer", error);
    return null;
  }
}

/**
 * @param {string | null} key
 * @returns {Promise<{ms: number, serverId: string | null, clockMs: number | null} | null>}
 */
function websocket(key) {
  return new Promise((resolve) => {
    const sinceMs = performance.now();
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
    /** @type {{ms: number, serverId: string | null, clockMs: number | null} | null} */
    let found = null;
    /** @type {WebSocket | null} */
    let socket = null;
    const end = () => {
      clearTimeout(timer);
      socket?.close();
      resolve(found);
    };
    const timer = setTimeout(end, PATIENCE_MS);
    try {
      socket = new WebSocket(url, key ? ["quickdrop.v2", `quickdrop.token.${key}`] : ["quickdrop.v2"]);
    } catch (error) {
      console.info("the browser refuses to open a WebSocket", error);
      return end();
    }
    socket.onclose = end;
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : {};
      if (message.type === "hello") {
        found = { ms: performance.now() - sinceMs, serverId: message.serverId ?? null, clockMs: null };
        socket?.send(JSON.stringify({ type: "ping", timestamp: Date.now() }));
      } else if (message.type === "pong" && found) {
        const nowTs = Date.now();
        found.clockMs = message.serverTime - (Number(message.timestamp) + nowTs) / 2;
        end();
      }
    };
  });
}

/**
 * @param {string} kind of the journal
 * @returns {Promise<{freeBytes: number, lasting: boolean | null, kind: string} | null>}
 */
async function room(kind) {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota === undefined || usage === undefined) return null;
  return { freeBytes: quota - usage, lasting: (await navigator.storage.persisted?.()) ?? null, kind };
}

/** @returns {Promise<string | null>} */
async function cameraPermission() {
  try {
    return (await navigator.permissions.query({ name: /** @type {any} */ ("camera") })).state;
  } catch (error) {
    console.info("this browser does not tell about the camera", error);
    return null;
  }
}

/** From the laptop to here, which a network rarely treats better: parts of this page, as they come. @returns {Promise<number | null>} */
async function speed() {
  const parts = [...document.querySelectorAll("link[rel=stylesheet]")].map((link) => /** @type {HTMLLinkElement} */ (link).href);
  const files = [...parts, ...performance.getEntriesByType("resource").map(({ name }) => name)].filter((url) => url.includes("/assets/"));
  const sinceMs = performance.now();
  try {
    const sizes = await Promise.all(
      [...new Set(files)].map(async (url, index) => {
        // A query, so that the laptop is asked, not the copy that this phone keeps.
        const response = await fetch(`${url}?speed=${index}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
        return (await response.arrayBuffer()).byteLength;
      }),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return bytes === 0 ? null : (1000 * bytes) / (performance.now() - sinceMs);
  } catch (error) {
    console.info("the speed could not be measured", error);
    return null;
  }
}

/**
 * @param {string} id of the server that answers now; remembered from the first time on
 * @returns {string | null} of the one before
 */
function knownServer(id) {
  try {
    const before = localStorage.getItem(SERVER_KEY);
    if (before === null) localStorage.setItem(SERVER_KEY, id);
    return before;
  } catch (error) {
    console.info("this browser keeps nothing", error);
    return null;
  }
}
