/** Numbers as people read them. Pure: the present moment comes in as an argument. */

const SIZE_UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/**
 * Decimal units, as phones and file managers show them.
 * @param {number} bytes
 * @returns {string} for example "12.4 MB"
 */
export function size(bytes) {
  if (bytes === 1) return "1 byte";
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${SIZE_UNITS[unit]}`;
}

/**
 * @param {number} bytesPerSecond
 * @returns {string} for example "3.1 MB/s"
 */
export function rate(bytesPerSecond) {
  return `${size(Math.round(bytesPerSecond))}/s`;
}

/**
 * @param {number} ms
 * @returns {string} "0:07", "12:30", "1:02:03"
 */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * @param {number} ts milliseconds since 1970
 * @param {number} nowTs the same, now
 * @returns {string} "just now", "5 min ago", "3 h ago", "yesterday", "12 days ago", or a date
 */
export function age(ts, nowTs) {
  const seconds = Math.max(0, (nowTs - ts) / 1000);
  if (seconds < 45) return "just now";
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 84600) return `${Math.round(seconds / 3600)} h ago`;
  const days = Math.round(seconds / 86400);
  if (days <= 1) return "yesterday";
  if (days < 30) return `${days} days ago`;
  return new Date(ts).toLocaleDateString(undefined, { year: "numeric", month: "short", day: "numeric" });
}

/**
 * @param {number} ts milliseconds since 1970
 * @returns {string} day and time as the person's country writes them, without the seconds
 */
export function moment(ts) {
  return new Date(ts).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/**
 * @param {number} ms
 * @returns {string} "8 s", "3 min", "2 h", "4 days": a rough span
 */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

/**
 * @param {number} ms
 * @returns {string} "40 s", "12 min", "3 h 10 min", "2 days": finer than a span
 */
export function hoursAndMinutes(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return minutes < 2 ? `${Math.floor(ms / 1000)} s` : `${minutes} min`;
  if (minutes >= 48 * 60) return `${Math.floor(minutes / 1440)} days`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * @param {string} sha256
 * @returns {string} the first and last digits, enough to compare by eye
 */
export function shortHash(sha256) {
  return sha256.length > 20 ? `${sha256.slice(0, 8)}…${sha256.slice(-8)}` : sha256;
}
