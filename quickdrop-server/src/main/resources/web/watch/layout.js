/**
 * How tiles share a window: pure geometry. All cells have one size; the number of columns is the one that shows most
 * picture.
 *
 * @typedef {{columns: number, rows: number, scrolls: boolean}} Grid
 */

/** A picture smaller than this, CSS pixels, shows nothing of use; then there are fewer columns, and the page scrolls. */
const MIN_WIDTH = 300;
const MIN_HEIGHT = 146;

/**
 * @param {number[]} aspects width ÷ height of each picture
 * @param {{width: number, height: number}} room CSS pixels
 * @param {{gap: number, bar: number}} extra between cells; height of a cell that is not picture
 * @returns {Grid}
 */
export function grid(aspects, room, { gap, bar }) {
  const count = aspects.length;
  /** @type {Grid} */
  let best = { columns: 1, rows: Math.max(1, count), scrolls: false };
  let bestArea = -1;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = (room.width - gap * (columns - 1)) / columns;
    const height = (room.height - gap * (rows - 1)) / rows;
    if (columns > 1 && width < MIN_WIDTH) break;
    if (count > 1 && height - bar < MIN_HEIGHT) continue;
    const area = aspects.reduce((sum, aspect) => sum + pictureArea(aspect, width, height - bar), 0);
    if (area > bestArea * 1.001) {
      best = { columns, rows, scrolls: false };
      bestArea = area;
    }
  }
  if (bestArea >= 0) return best;
  const columns = Math.max(1, Math.min(count, Math.floor((room.width + gap) / (MIN_WIDTH * 1.5 + gap))));
  return { columns, rows: Math.ceil(count / columns), scrolls: true };
}

/**
 * @param {number} aspect
 * @param {number} width
 * @param {number} height
 */
function pictureArea(aspect, width, height) {
  const shown = Math.min(width, Math.max(0, height) * aspect);
  return (shown * shown) / aspect;
}

/**
 * A last row that is not full shares the whole width.
 * @param {number} count tiles
 * @param {number} columns
 * @returns {{tracks: number, spans: number[]}} of the CSS grid; how many tracks each tile takes
 */
export function tracks(count, columns) {
  const last = count % columns || columns;
  const all = (columns * last) / greatestCommonDivisor(columns, last);
  return { tracks: all, spans: Array.from({ length: count }, (_, i) => (i < count - last ? all / columns : all / last)) };
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Where an arrow key leads.
 * @param {number} index of the tile with the focus
 * @param {string} key as in `KeyboardEvent.key`
 * @param {number} columns
 * @param {number} count tiles
 * @returns {number} the same index at an edge
 */
export function neighbour(index, key, columns, count) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
  const to = index + step;
  if (to >= 0 && to < count) return to;
  // Below the last but one row there may be no tile straight down; the last one is what the eye expects.
  const lastRow = Math.floor((count - 1) / columns);
  return key === "ArrowDown" && Math.floor(index / columns) < lastRow ? count - 1 : index;
}

/**
 * Monitors in their true places, as shares of the rectangle around them.
 *
 * @template {{x: number, y: number, width: number, height: number}} M
 * @param {M[]} monitors
 * @returns {{aspect: number, places: {monitor: M, left: number, top: number, width: number, height: number}[]}} shares
 *     from 0 to 1, in reading order
 */
export function geometry(monitors) {
  const left = Math.min(...monitors.map((m) => m.x));
  const top = Math.min(...monitors.map((m) => m.y));
  const width = Math.max(1, Math.max(...monitors.map((m) => m.x + m.width)) - left);
  const height = Math.max(1, Math.max(...monitors.map((m) => m.y + m.height)) - top);
  const places = [...monitors]
    .sort((a, b) => a.x - b.x || a.y - b.y)
    .map((monitor) => ({
      monitor,
      left: (monitor.x - left) / width,
      top: (monitor.y - top) / height,
      width: monitor.width / width,
      height: monitor.height / height,
    }));
  return { aspect: width / height, places };
}
