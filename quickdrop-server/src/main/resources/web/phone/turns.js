/**
 * Which upload has the one connection. A recording grows by the second and is worth more than a file that lies on the
 * phone anyway; but one that is safe as far as it goes leaves the line to the files until it has grown. Pure.
 *
 * @typedef {object} Waiting
 * @property {{state: string, finished: boolean, ended: boolean, produced: number, acknowledged: number, next: number}} sender
 * @property {object | null} part of a recording; null: a file
 * @property {boolean} [paused] waits for the person
 */

/** Bytes on their way when another upload takes over are sent again; so their acknowledgement is worth this wait. */
export const LEAVE_AFTER_MS = 2_000;

/**
 * @template {Waiting} T
 * @param {T[]} uploads oldest first
 * @returns {T | null} who should have the connection
 */
export function mostUrgent(uploads) {
  // `start` says the recorder's real type, which is known from the first bytes on.
  const open = uploads.filter(({ sender, paused }) => !paused && !sender.finished && (sender.produced > 0 || sender.ended));
  const recordings = open.filter(({ part }) => part !== null);
  return (
    recordings.find(({ sender }) => sender.ended || sender.acknowledged < sender.produced) ??
    open.find(({ part }) => part === null) ??
    recordings[0] ??
    null
  );
}

/**
 * @param {Waiting} upload that has the connection, and should leave it
 * @param {number} waitedMs since that
 * @returns {boolean} whether it may leave now
 */
export function mayLeave({ sender }, waitedMs) {
  const onTheWay = sender.state === "opening" || (sender.state === "sending" && sender.acknowledged < sender.next);
  return !onTheWay || waitedMs >= LEAVE_AFTER_MS;
}
