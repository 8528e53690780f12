/** @returns {string} unique for ever, and readable in a log: "20261122-140309-3f5c0a9be1d27486" */
export function newSessionId() {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return `${time}-${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
