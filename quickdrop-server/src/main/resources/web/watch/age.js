/**
 * The age of a picture by stage, as words and shapes. Pure.
 *
 * @typedef {{captureMs: number, uplinkMs: number, relayMs: number, downlinkMs: number, paintMs: number, totalMs: number}} Age
 */

/** The way of a picture, in order. */
export const STAGES = /** @type {const} */ ([
  { field: "captureMs", name: "capture", words: "reading and encoding the screen" },
  { field: "uplinkMs", name: "uplink", words: "desktop to server" },
  { field: "relayMs", name: "server", words: "waiting for your link to be free" },
  { field: "downlinkMs", name: "downlink", words: "server to you" },
  { field: "paintMs", name: "paint", words: "decoding and painting here" },
]);

/**
 * @param {number} ms
 * @returns {string} "8 ms", "640 ms", "1.4 s", "2 min"
 */
export function ageWords(ms) {
  if (!Number.isFinite(ms) || ms < 0) return "–";
  if (ms < 1) return "< 1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/**
 * @param {Age} age
 * @returns {{name: string, ms: number, share: number}[]} one per stage in order; shares add up to 1, or are all 0
 */
export function stages(age) {
  const known = STAGES.map(({ field, name }) => ({ name, ms: Math.max(0, Number(age[field]) || 0) }));
  const sum = known.reduce((total, stage) => total + stage.ms, 0);
  return known.map((stage) => ({ ...stage, share: sum > 0 ? stage.ms / sum : 0 }));
}

/** How long a {@link History} reaches back, milliseconds. */
export const HISTORY_MS = 60_000;

/** The ages of the last minute. */
export class History {
  /** @type {{atMs: number, ms: number}[]} oldest first */
  #samples = [];

  /**
   * @param {number} ms
   * @param {number} nowMs monotonic
   */
  add(ms, nowMs) {
    if (!Number.isFinite(ms) || ms < 0) return;
    this.#samples.push({ atMs: nowMs, ms });
    while (this.#samples.length > 0 && this.#samples[0].atMs < nowMs - HISTORY_MS) this.#samples.shift();
  }

  /** The oldest picture of the minute, milliseconds. */
  get worstMs() {
    return this.#samples.reduce((worst, sample) => Math.max(worst, sample.ms), 0);
  }

  /**
   * A line from a minute ago (left) to now (right), with gaps where nothing was known.
   * @param {number} nowMs monotonic
   * @param {number} width of the plot
   * @param {number} height
   * @returns {string} SVG path data, empty if there is nothing to draw
   */
  path(nowMs, width, height) {
    // Without a floor a quiet link's noise would look like an alp.
    const top = Math.max(50, this.worstMs);
    let path = "";
    let lastMs = -Infinity;
    for (const { atMs, ms } of this.#samples) {
      if (atMs < nowMs - HISTORY_MS) continue;
      const x = (width * (atMs - nowMs + HISTORY_MS)) / HISTORY_MS;
      const y = height - (height * ms) / top;
      path += `${atMs - lastMs > GAP_MS ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
      lastMs = atMs;
    }
    return path;
  }
}

/** The server speaks each second; silence of three is a gap. */
const GAP_MS = 3_500;
