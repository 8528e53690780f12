/** Decodes the pictures of all streams, some at a time, each stream in its turn. */
/** Enough to keep every decoder thread busy; what waits beyond it can still be superseded. */
const AT_ONCE = 16;

/** @typedef {import("./stream.js").Stream} Stream */

export class DecodePool {
  #decoder;
  #onAdvanced;
  #running = 0;
  /** @type {Set<Stream>} with pictures to decode, the one whose turn it is first */
  #hungry = new Set();

  /**
   * @param {import("./decoder.js").Decoder} decoder
   * @param {(stream: Stream, problem: unknown) => void} onAdvanced one more picture of it is settled; `problem` is null
   *     unless it could not be decoded
   */
  constructor(decoder, onAdvanced) {
    this.#decoder = decoder;
    this.#onAdvanced = onAdvanced;
  }

  /** @param {Stream} stream has new pictures */
  feed(stream) {
    this.#hungry.add(stream);
    this.#pump();
  }

  #pump() {
    while (this.#running < AT_ONCE && this.#hungry.size > 0) {
      const [stream] = this.#hungry;
      this.#hungry.delete(stream);
      const next = stream.queue.take();
      if (!next) {
        this.#onAdvanced(stream, null); // all of it may have been superseded
        continue;
      }
      this.#hungry.add(stream); // at the end of the row
      this.#running++;
      void this.#decode(stream, next.piece, next.bytes);
    }
  }

  /**
   * @param {Stream} stream
   * @param {import("./picture-queue.js").Piece} piece
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async #decode(stream, piece, bytes) {
    let picture = null;
    let problem = null;
    try {
      picture = await this.#decoder.decode(bytes, piece.mime, piece.width * piece.height);
    } catch (error) {
      problem = error ?? new Error("no reason given");
    }
    this.#running--;
    if (!stream.queue.decoded(piece, picture)) picture?.close(); // the stream is over, or began anew
    this.#onAdvanced(stream, problem);
    this.#pump();
  }
}
