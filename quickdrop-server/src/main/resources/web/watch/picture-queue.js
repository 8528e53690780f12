/**
 * What one stream has received and not yet painted: a pure machine, without decoder and canvas.
 *
 * Frames are painted whole (all tiles of a frame in one go, at its last part) and in order, so what is on the glass is
 * always something that the server sent. Tiles are decoded in parallel, oldest first; one that a newer tile covers before
 * its decoding began is dropped: newest wins. The server keeps at most ten frames on the way; far above that this queue
 * says that it is overfull, and the stream starts anew.
 *
 * @typedef {import("./frame.js").Frame} Frame
 *
 * @typedef {object} Piece one picture on its way to the canvas
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {string} mime
 * @property {boolean} tiled
 * @property {Uint8Array<ArrayBuffer> | null} bytes null once decoding began
 * @property {any} picture what the decoder made of it; null before, and for a piece that was dropped
 * @property {boolean} settled nothing more will become of it
 *
 * @typedef {object} Batch one frame
 * @property {number} frameNumber
 * @property {number} width of the whole screen, pixels
 * @property {number} height
 * @property {number} quality
 * @property {number} receivedMs when its last part came, monotonic
 * @property {boolean} whole its last part came
 * @property {Piece[]} pieces in the order of painting
 */

/** Six times what the server may have on its way. */
const MAX_FRAMES = 60;
/** Four times the largest window of the server. */
const MAX_BYTES = 16 * 1024 * 1024;

export class PictureQueue {
  /** Tiles that were never decoded because newer ones came. */
  superseded = 0;

  /** @type {Batch[]} oldest first */
  #batches = [];
  /** @type {Piece[]} whose decoding has not begun, oldest first; may contain settled ones */
  #waiting = [];
  /** @type {Map<string, Piece>} the same by area */
  #byArea = new Map();
  #bytes = 0;

  /** Frames received and not painted. */
  get length() {
    return this.#batches.length;
  }

  /** Whether more is here than the server may ever have on its way. */
  get overfull() {
    return this.#batches.length > MAX_FRAMES || this.#bytes > MAX_BYTES;
  }

  /**
   * @param {Frame} frame one message; several with one number are one frame
   * @param {number} nowMs monotonic
   */
  add(frame, nowMs) {
    let batch = this.#batches[this.#batches.length - 1];
    if (!batch || batch.frameNumber !== frame.frameNumber) {
      if (batch) batch.whole = true; // a part that never came must not hold the rest
      const { frameNumber, width, height, quality } = frame;
      batch = { frameNumber, width, height, quality, receivedMs: nowMs, whole: false, pieces: [] };
      this.#batches.push(batch);
    }
    batch.receivedMs = nowMs;
    batch.quality = frame.quality;
    batch.whole = frame.lastPart;
    if (!frame.tiled) this.#byArea.forEach((piece) => this.#supersede(piece));
    for (const { x, y, width, height, bytes } of frame.tiles) {
      const area = `${x},${y},${width},${height}`;
      const older = this.#byArea.get(area);
      if (older) this.#supersede(older);
      const piece = { x, y, width, height, mime: frame.mime, tiled: frame.tiled, bytes, picture: null, settled: false };
      this.#byArea.set(area, piece);
      this.#waiting.push(piece);
      this.#bytes += bytes.length;
      batch.pieces.push(piece);
    }
  }

  /** @returns {{piece: Piece, bytes: Uint8Array<ArrayBuffer>} | null} the next to decode; null: nothing for now */
  take() {
    for (let piece = this.#waiting.shift(); piece; piece = this.#waiting.shift()) {
      if (piece.settled || !piece.bytes) continue;
      const bytes = piece.bytes;
      this.#letGo(piece);
      return { piece, bytes };
    }
    return null;
  }

  /**
   * @param {Piece} piece that `take` gave
   * @param {any} picture null if it could not be decoded
   * @returns {boolean} false: nobody waits for it any more, the caller closes the picture
   */
  decoded(piece, picture) {
    if (piece.settled) return false;
    piece.picture = picture;
    piece.settled = true;
    return true;
  }

  /** @returns {Batch[]} frames to paint now, oldest first; the caller owns their pictures */
  paintable() {
    let count = 0;
    while (count < this.#batches.length && isReady(this.#batches[count])) count++;
    return count === 0 ? [] : this.#batches.splice(0, count);
  }

  /**
   * Forgets everything, also what is being decoded.
   * @returns {any[]} pictures to close
   */
  clear() {
    const pieces = this.#batches.flatMap((batch) => batch.pieces);
    const pictures = pieces.flatMap((piece) => piece.picture ?? []);
    for (const piece of pieces) piece.settled = true;
    this.#batches = [];
    this.#waiting = [];
    this.#byArea.clear();
    this.#bytes = 0;
    return pictures;
  }

  /** @param {Piece} piece whose decoding has not begun */
  #supersede(piece) {
    piece.settled = true;
    this.superseded++;
    this.#letGo(piece);
  }

  /** @param {Piece} piece whose bytes are not waiting any more */
  #letGo(piece) {
    this.#bytes -= piece.bytes?.length ?? 0;
    piece.bytes = null;
    const area = `${piece.x},${piece.y},${piece.width},${piece.height}`;
    if (this.#byArea.get(area) === piece) this.#byArea.delete(area);
  }
}

/** @param {Batch} batch */
function isReady(batch) {
  return batch.whole && batch.pieces.every((piece) => piece.settled);
}
