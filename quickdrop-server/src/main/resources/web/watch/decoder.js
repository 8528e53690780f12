/**
 * Turns encoded pictures into something that a canvas can draw, off this thread, in the faster of two ways.
 *
 * Measured in Chromium 156 on two cores, 135 JPEG tiles of a 1080p screen full of text: `createImageBitmap` 71 ms (each tile
 * makes a round trip through the browser's blob store); `ImageDecoder` 21 to 31 ms, with the same pixels for PNG and WebP.
 * One whole JPEG: 22 against 34 ms. But to draw what `ImageDecoder` made, even a worker waits for the page's main thread:
 * 6 ms while that is idle, 154 ms beside a script that holds it 150 ms at a time, where bitmaps are drawn in 0.5 ms as ever.
 */

/** Above this many pixels `createImageBitmap` is faster. */
const LARGE_PIXELS = 512 * 512;
/** Painting that takes longer waited for somebody. */
const STALLED_MS = 50;
/** For so long after it, bitmaps. */
const AVOID_MS = 3_000;

/** @type {any} not in every browser, and not on pages that aren't secure */
const ImageDecoderOrNone = /** @type {any} */ (globalThis).ImageDecoder;

/** Remembers how painting went, and chooses by it. */
export class Decoder {
  #avoidUntilMs = -Infinity;
  #mayUseFrames;

  /** @param {boolean} [mayUseFrames] whether there is an `ImageDecoder` */
  constructor(mayUseFrames = ImageDecoderOrNone !== undefined) {
    this.#mayUseFrames = mayUseFrames;
  }

  /**
   * @param {number} paintMs how long drawing a batch of decoded pictures took
   * @param {number} nowMs monotonic
   */
  painted(paintMs, nowMs) {
    if (paintMs > STALLED_MS) this.#avoidUntilMs = nowMs + AVOID_MS;
  }

  /**
   * @param {number} pixels width × height
   * @param {number} nowMs monotonic
   * @returns {boolean} whether `ImageDecoder` is the faster way now
   */
  usesFrames(pixels, nowMs) {
    return this.#mayUseFrames && pixels <= LARGE_PIXELS && nowMs >= this.#avoidUntilMs;
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {string} mime
   * @param {number} pixels width × height
   * @returns {Promise<ImageBitmap | VideoFrame>} the caller closes it; rejected where it can't be decoded
   */
  async decode(bytes, mime, pixels) {
    if (!this.usesFrames(pixels, performance.now())) {
      // No conversion of colours or transparency: lossless must stay lossless.
      return createImageBitmap(new Blob([bytes], { type: mime }), {
        colorSpaceConversion: "none",
        premultiplyAlpha: "none",
      });
    }
    const decoder = new ImageDecoderOrNone({ data: bytes, type: mime, colorSpaceConversion: "none" });
    try {
      return (await decoder.decode()).image;
    } finally {
      decoder.close();
    }
  }
}
